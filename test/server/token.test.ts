import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { graphClient } from '../support/graph-client.ts';
import { sendOperation, sendRaw } from '../support/raw-request.ts';
import { openAcknowledged, openWebsocket } from '../support/raw-websocket.ts';
import { shareServer } from '../support/server.ts';

const token = 'correct-horse';
const right = { authorization: `Bearer ${token}` };
const wrong = [
  ['none', {}],
  ['an empty one', { authorization: '' }],
  ['another one', { authorization: 'Bearer battery-staple' }],
  ['the beginning of it', { authorization: 'Bearer correct' }],
  ['more than it', { authorization: `Bearer ${token}x` }],
  ['it without its scheme', { authorization: token }],
  ['it in another scheme', { authorization: `Basic ${Buffer.from(token).toString('base64')}` }],
] as const;

describe('a server with a token', () => {
  const server = shareServer(embedded, { config: { token } });

  it.each(wrong)('turns away who sends %s, in the same words', async (_what, headers) => {
    const { port } = server();
    const operation = await sendOperation(port, headers);
    const stream = await sendOperation(
      port,
      { ...headers, accept: 'text/event-stream' },
      'subscription { allocationChanged { cursor } }',
    );
    const metrics = await sendRaw(port, { path: '/metrics', headers });
    const get = await sendRaw(port, {
      path: '/graphql?query={__typename}',
      headers: { ...headers, 'graphql-require-preflight': '1' },
    });
    const answers = [operation, stream, metrics, get];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(operation.headers['www-authenticate']).toBe('Bearer');
    expect(operation.text).toBe((await sendOperation(port)).text);
    expect(operation.text).not.toContain(token);
  });

  it('answers who sends it, over HTTP, events, metrics', async () => {
    const { port } = server();
    expect((await sendOperation(port, right)).status).toBe(200);
    expect((await sendRaw(port, { path: '/metrics', headers: right })).status).toBe(200);
    const events = server().overEventStream('subscription { allocationChanged(after: "0") { kind } }');
    await server().post('mutation { allocatePort(input: {serviceName: "web"}) { __typename } }');
    expect((await events.next()).value).toEqual({ data: { allocationChanged: { kind: 'ALLOCATED' } } });
    await events.return?.();
  });

  it.each(wrong)('closes a WebSocket whose connection_init has %s with 4403', async (_what, payload) => {
    const connection = await openWebsocket(server().url);
    connection.send({ type: 'connection_init', payload });
    expect(await connection.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  });

  it('takes the token in connection_init or in the upgrade', async () => {
    const said = await openAcknowledged(server().url, {}, right);
    const sent = await openAcknowledged(server().url, { headers: right });
    const capitalised = await openAcknowledged(server().url, {}, { Authorization: `Bearer ${token}` });
    for (const connection of [said, sent, capitalised]) {
      connection.send({ type: 'subscribe', id: 'a', payload: { query: '{ __typename }' } });
      const { payload } = await connection.message(({ type }) => type === 'next');
      expect(payload).toEqual({ data: { __typename: 'Query' } });
    }
  });

  it('lets nobody subscribe on a WebSocket before connection_init', async () => {
    const connection = await openWebsocket(server().url, { headers: right });
    connection.send({ type: 'subscribe', id: 'a', payload: { query: '{ __typename }' } });
    expect((await connection.closed).code).toBe(4401);
  });

  it('shows health, readiness and the empty GraphiQL page to anybody', async () => {
    const { port } = server();
    const statuses = await Promise.all([
      sendRaw(port, { path: '/health' }),
      sendRaw(port, { path: '/ready' }),
      sendRaw(port, { path: '/graphql', headers: { accept: 'text/html' } }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('runs no operation for a page view', async () => {
    const { status, text } = await sendRaw(server().port, {
      path: '/graphql?variables={}&query={__typename}',
      headers: { accept: 'text/html, application/json' },
    });
    expect(text).not.toContain('"__typename":"Query"');
    expect([200, 401]).toContain(status);
    const anonymous = await graphClient(server().url).post('{ __typename }');
    expect(anonymous).toMatchObject({ status: 401, errors: [{ message: expect.stringContaining('token') }] });
  });
});
