import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { largestBody } from '../../src/server/guards.ts';
import { parseMessage } from '../../src/server/websocket-connection.ts';
import { embedded } from '../support/databases.ts';
import { openAcknowledged, openWebsocket } from '../support/raw-websocket.ts';
import { shareServer } from '../support/server.ts';

const subscription = 'subscription { allocationChanged { kind allocation { serviceName } } }';
const mostOperations = 100;

describe('a WebSocket', () => {
  const server = shareServer(embedded);
  const subscribers = () => server().feed.status().subscribers;

  beforeEach(() => vi.waitFor(() => expect(subscribers()).toBe(0)));
  afterEach(() => expect(server().entries('error')).toEqual([]));

  it('answers queries, mutations and subscriptions', async () => {
    const { send, message } = await openAcknowledged(server().url);
    send({ type: 'subscribe', id: 's', payload: { query: subscription } });
    await vi.waitFor(() => expect(subscribers()).toBe(1));
    const mutation = 'mutation { allocatePort(input: {serviceName: "socket"}) { __typename } }';
    send({ type: 'subscribe', id: 'm', payload: { query: mutation } });
    const [answered, event] = await Promise.all(['m', 's'].map((id) => message((each) => each.id === id)));
    expect(answered?.payload).toEqual({ data: { allocatePort: { __typename: 'AllocatePortSuccess' } } });
    expect(event?.payload).toEqual({
      data: { allocationChanged: { kind: 'ALLOCATED', allocation: { serviceName: 'socket' } } },
    });
    send({ type: 'complete', id: 's' });
    await vi.waitFor(() => expect(subscribers()).toBe(0));
  });

  it.each([
    ['a syntax error', '{', /Syntax Error/],
    ['an unknown field', '{ nothing }', /Cannot query field/],
    ['too many tokens', `{ ${'__typename '.repeat(3_000)} }`, /token/],
    ['too many rows', '{ hosts(first: 1000) { worktrees(first: 1000) { id } } }', /complexity/],
    ['a cursor of the future', 'subscription { allocationChanged(after: "999999") { kind } }', /999999/],
    ['a cursor that is none', 'subscription { allocationChanged(after: "x") { kind } }', /EventCursor/],
    ['a relative path', 'subscription { allocationChanged(where: {worktreePath: "a/b"}) { kind } }', /absolute/],
  ])('answers an operation with %s with an error, and goes on', async (_what, query, error) => {
    const { send, message } = await openAcknowledged(server().url);
    send({ type: 'subscribe', id: 'bad', payload: { query } });
    const answer = await message(({ id, type }) => id === 'bad' && type !== 'complete');
    expect(JSON.stringify(answer.payload)).toMatch(error);
    expect(JSON.stringify(answer.payload)).not.toMatch(/Something went wrong|stack/);
    send({ type: 'subscribe', id: 'good', payload: { query: '{ __typename }' } });
    expect((await message(({ id }) => id === 'good')).payload).toEqual({ data: { __typename: 'Query' } });
  });

  it(`carries ${mostOperations} operations at once and no more`, async () => {
    const { send, message } = await openAcknowledged(server().url);
    for (let id = 0; id < mostOperations; id += 1)
      send({ type: 'subscribe', id: String(id), payload: { query: subscription } });
    await vi.waitFor(() => expect(subscribers()).toBe(mostOperations));
    send({ type: 'subscribe', id: 'one more', payload: { query: subscription } });
    const refused = await message(({ id }) => id === 'one more');
    expect(refused).toMatchObject({ type: 'error', payload: [{ message: expect.stringContaining('at most 100') }] });
    send({ type: 'complete', id: '0' });
    await vi.waitFor(() => expect(subscribers()).toBe(mostOperations - 1));
    send({ type: 'subscribe', id: 'now', payload: { query: '{ __typename }' } });
    expect((await message(({ id }) => id === 'now')).type).toBe('next');
  });

  it('carries operations of at most 2 MiB at once', async () => {
    const { send, message } = await openAcknowledged(server().url);
    const large = { query: subscription, variables: { unknown: 'x'.repeat(60_000) } };
    for (let id = 0; id < 35; id += 1) send({ type: 'subscribe', id: String(id), payload: large });
    const refused = await message(({ id }) => id === '34');
    expect(refused).toMatchObject({
      type: 'error',
      payload: [{ message: expect.stringContaining('at most 2097152 bytes: wait until some have ended') }],
    });
    await vi.waitFor(() => expect(subscribers()).toBe(34));
    send({ type: 'complete', id: '0' });
    await vi.waitFor(() => expect(subscribers()).toBe(33));
    send({ type: 'subscribe', id: 'now', payload: { query: '{ __typename }' } });
    expect((await message(({ id }) => id === 'now')).type).toBe('next');
  });

  it('carries no subscription of more than 64 KiB', async () => {
    const { send, message } = await openAcknowledged(server().url);
    const query = 'subscription ($where: EventFilter) { allocationChanged(where: $where) { kind } }';
    const variables = (length: number) => ({ where: null, unknown: 'x'.repeat(length) });
    send({ type: 'subscribe', id: 'large', payload: { query, variables: variables(64 * 1_024) } });
    expect((await message(({ id }) => id === 'large')).payload).toMatchObject({
      errors: [
        { message: expect.stringContaining('at most 65536 bytes'), extensions: { code: 'OPERATION_TOO_LARGE' } },
      ],
    });
    send({ type: 'subscribe', id: 'fits', payload: { query, variables: variables(60_000) } });
    await vi.waitFor(() => expect(subscribers()).toBe(1));
  });

  it('is closed over an id of more than 255 characters', async () => {
    const { send, message, closed } = await openAcknowledged(server().url);
    const payload = { query: '{ __typename }' };
    send({ type: 'subscribe', id: 'x'.repeat(255), payload });
    expect((await message(({ id }) => id !== undefined)).type).toBe('next');
    send({ type: 'subscribe', id: 'x'.repeat(256), payload });
    expect(await closed).toEqual({ code: 4400, reason: 'The id of an operation has at most 255 characters' });
  });

  it('keeps nothing of a message that the protocol does not have', () => {
    const payload = { query: '{ __typename }', variables: { a: 1 }, operationName: 'A' };
    const message = { type: 'subscribe', id: 'a', payload };
    const text = JSON.stringify({ ...message, extra: 'x', payload: { ...payload, extensions: {}, extra: 'x' } });
    const extensions = { bytes: Buffer.byteLength(text) };
    expect(parseMessage(text)).toEqual({ ...message, payload: { ...payload, extensions } });
  });

  it('is closed over a message that is too large', async () => {
    const { socket, closed } = await openAcknowledged(server().url);
    socket.send('x'.repeat(largestBody + 1));
    expect((await closed).code).toBe(1009);
  });

  it.each([
    ['no JSON', 'hello'],
    ['JSON that is no message', '[]'],
    ['an unknown type', '{"type":"surprise"}'],
    ['a subscribe without a query', '{"type":"subscribe","id":"a","payload":{}}'],
    ['a subscribe without an id', '{"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    ['a second connection_init', '{"type":"connection_init"}'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
  ])('is closed over %s', async (_what, bytes) => {
    const { socket, closed } = await openAcknowledged(server().url);
    socket.send(bytes);
    expect((await closed).code).toBeGreaterThanOrEqual(4400);
    expect((await closed).code).toBeLessThan(4500);
  });

  it('is closed over a frame that breaks the protocol', async () => {
    const { socket, closed } = await openAcknowledged(server().url);
    // Reserved bits and an unknown opcode: https://www.rfc-editor.org/rfc/rfc6455 section 5.2.
    Reflect.get(socket, '_socket').write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect((await closed).code).toBe(1002);
  });

  it('is closed where it does not say in time what it wants', async () => {
    const { closed } = await openWebsocket(server().url);
    expect(await closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('leaves no subscription behind when its connection breaks', async () => {
    const { send, socket } = await openAcknowledged(server().url);
    send({ type: 'subscribe', id: 'a', payload: { query: subscription } });
    await vi.waitFor(() => expect(subscribers()).toBe(1));
    socket.terminate();
    await vi.waitFor(() => expect(subscribers()).toBe(0));
  });
});
