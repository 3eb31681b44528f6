import { describe, expect, it } from 'vitest';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { embedded, shareDatabase } from '../support/databases.ts';
import { openAcknowledged } from '../support/raw-websocket.ts';
import { openRegistry } from '../support/registry.ts';
import { startServer } from '../support/server.ts';

const secret = 'SELECT secret FROM shelf';
const mutation = 'mutation { allocatePort(input: {serviceName: "web"}) { __typename } }';

describe('what goes wrong inside', () => {
  const database = shareDatabase(embedded);

  async function serveFailing(error: unknown) {
    const fail = () => Promise.reject(error);
    const registry = { ...openRegistry(database()), allocatePort: fail, rangeUsage: fail };
    return startServer({ database: database(), registry });
  }

  it('is told as an incident and nothing else, and logged once under it', async () => {
    const server = await serveFailing(new Error(secret));
    const { status, errors = [] } = await server.post(mutation);
    expect(status).toBe(500);
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^Something went wrong here/),
        path: ['allocatePort'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
    const [incident = 'none'] = /[0-9a-f-]{36}/.exec(errors[0]?.message ?? '') ?? [];
    expect(server.entries('warn')).toEqual([
      expect.objectContaining({ level: 50, incident, err: expect.objectContaining({ message: secret }) }),
    ]);
  });

  it('is told so in queries too', async () => {
    const server = await serveFailing(new Error(secret));
    const { status, data, errors = [] } = await server.post('{ __typename host { name } ranges: portRanges { size } }');
    expect([status, data, errors.length]).toEqual([500, null, 1]);
    expect(JSON.stringify(errors)).not.toMatch(/SELECT|stack|at /);
  });

  it.each(['a string', 'a member of nothing', undefined, null])('is masked where %j is thrown', async (thrown) => {
    const server = await serveFailing(thrown);
    const { status, errors } = await server.post(mutation);
    expect([status, errors?.[0]?.extensions?.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(errors)).not.toContain(String(thrown));
    expect(server.entries('error')).toHaveLength(1);
  });

  it('is masked over a WebSocket as well, which goes on', async () => {
    const server = await serveFailing(new Error(secret));
    const { send, message } = await openAcknowledged(server.url);
    send({ type: 'subscribe', id: 'a', payload: { query: mutation } });
    const { payload } = await message(({ id }) => id === 'a');
    expect(JSON.stringify(payload)).toMatch(/Something went wrong here/);
    expect(JSON.stringify(payload)).not.toContain(secret);
    expect(server.entries('error')).toHaveLength(1);
    send({ type: 'subscribe', id: 'b', payload: { query: '{ __typename }' } });
    expect((await message(({ id }) => id === 'b')).payload).toEqual({ data: { __typename: 'Query' } });
  });

  it('is masked in the metrics, which tell the rest', async () => {
    const server = await serveFailing(new Error(secret));
    const response = await fetch(`${server.origin}/metrics`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain('wharfinger_subscribers 0');
    expect(text).not.toContain(secret);
  });

  it('is called unavailable where the database does not answer, and is no fault', async () => {
    const server = await serveFailing(new DatabaseUnavailable(new Error(secret)));
    const { status, errors } = await server.post(mutation);
    expect(status).toBe(503);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('does not answer; try again'),
        extensions: { code: 'UNAVAILABLE' },
      }),
    ]);
    expect(server.entries('error')).toEqual([]);
    expect(server.entries('warn')).toHaveLength(1);
  });
});
