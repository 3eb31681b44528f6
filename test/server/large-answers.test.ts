import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { fillLog, thousandEvents } from '../support/full-log.ts';
import { sendRaw } from '../support/raw-request.ts';
import { startServer, type TestServer } from '../support/server.ts';

async function serveLargeRows(letter = 'x'): Promise<TestServer> {
  const database = await embedded.open();
  await fillLog(database, { letter });
  return startServer({ database });
}

const several = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${thousandEvents}`).join(' ')} }`;
const tooLarge = {
  message: expect.stringContaining('at most 33554432 bytes are sent'),
  extensions: { code: 'RESPONSE_TOO_LARGE' },
};

const post = (server: TestServer, body: unknown) => {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return sendRaw(server.port, { method: 'POST', path: '/graphql', headers, body: text });
};

describe('an answer', () => {
  it('of more than 32 MiB is given up, while others are answered', async () => {
    const server = await serveLargeRows();
    let healthy = 0;
    let isDone = false;
    const answered = server.post(several(19)).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      healthy += (await sendRaw(server.port, { path: '/health' })).status === 200 ? 1 : 0; // one after another
    }
    const answer = await answered;
    expect([answer.status, answer.data]).toEqual([400, undefined]);
    expect(answer.errors).toMatchObject([tooLarge]);
    expect(healthy).toBeGreaterThan(1);
    // What fits is answered whole.
    const { data } = await server.post<{ allocationEvents: unknown[] }>(`{ ${thousandEvents} }`);
    expect(data.allocationEvents).toHaveLength(1_000);
  });

  it('of a WebSocket is bounded likewise, and the connection goes on', async () => {
    const server = await serveLargeRows();
    const [first] = await Promise.all([server.overWebsocket(several(3)).next()]);
    expect(first.value.errors).toMatchObject([tooLarge]);
  });

  it('is counted in bytes, not in characters', async () => {
    const server = await serveLargeRows('ü');
    expect((await server.post(several(2))).errors).toMatchObject([tooLarge]);
  });

  it('with an export that is too large says what to export instead', async () => {
    const database = await embedded.open();
    await database.script(`
      INSERT INTO wharfinger.host (name) VALUES ('quay');
      INSERT INTO wharfinger.port_allocation (id, host_name, port, service_name, environment, status, owner,
        public_hostnames, liveness, misses, allocated_at, metadata)
      SELECT gen_random_uuid(), 'quay', 10000 + number, 'web' || number, 'dev', 'allocated', 'nobody', '{}',
        'unknown', 0, now(), jsonb_build_object('text', repeat('x', 16000))
      FROM generate_series(1, 2200) AS number;`);
    const server = await startServer({ database });
    const { errors } = await server.post('{ exportRegistry(format: JSON) }');
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('Export one host, or one codebase, at a time.'),
        extensions: { code: 'RESPONSE_TOO_LARGE' },
      },
    ]);
  });

  it('to a batch is bounded as a whole, in bytes and in complexity', async () => {
    const server = await serveLargeRows();
    const answer = await post(server, [{ query: several(1) }, { query: several(2) }, { query: several(1) }]);
    const [fits, ...others] = JSON.parse(answer.text);
    expect(fits.data.a0).toHaveLength(1_000);
    expect(others).toMatchObject([{ errors: [tooLarge] }, { errors: [tooLarge] }]);

    const rows = '{ hosts(first: 1000) { worktrees(first: 100) { id } } }';
    const refused = await post(server, [{ query: rows }, { query: rows }]);
    expect(JSON.parse(refused.text)).toMatchObject([
      { data: { hosts: [{ worktrees: [] }] } },
      {
        errors: [
          {
            message: expect.stringContaining('Send this one in another request'),
            extensions: { code: 'OPERATION_TOO_LARGE' },
          },
        ],
      },
    ]);
  });
});

it('refuses a subscription whose events ask for too much', async () => {
  const server = await startServer({ database: await embedded.open() });
  const query =
    'subscription { allocationChanged { allocation { codebase { worktrees(first: 1000) { allocations(first: 20) { id } } } } } }';
  const { value } = await server.overWebsocket(query).next();
  expect(value.errors).toMatchObject([{ message: expect.stringContaining('at most 10000 is sent with each event') }]);
});
