import { describe, expect, it, vi } from 'vitest';
import { embedded } from '../support/databases.ts';
import { sendOperation } from '../support/raw-request.ts';
import { openAcknowledged, openWebsocket } from '../support/raw-websocket.ts';
import { startServer } from '../support/server.ts';

const query = 'subscription ($where: EventFilter) { allocationChanged(where: $where) { kind } }';
const stream = { accept: 'text/event-stream' };

describe('WebSockets and event streams', () => {
  it('are bounded together, and requests are answered beyond', async () => {
    const server = await startServer({ database: await embedded.open(), limits: { lasting: 2 } });
    const events = server.overEventStream(query);
    events.next().catch(() => {}); // aborted at the end
    await vi.waitFor(() => expect(server.feed.status().subscribers).toBe(1));
    const { socket, closed } = await openAcknowledged(server.url);

    const refused = await sendOperation(server.port, stream, 'subscription { allocationChanged { kind } }');
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('2 WebSockets and event streams')]);
    await expect(openWebsocket(server.url)).rejects.toThrow('503');
    expect((await server.post('{ __typename }')).status).toBe(200);

    socket.close();
    await closed;
    await vi.waitFor(() => openWebsocket(server.url));
  });

  it('leave others room for subscriptions: one WebSocket has 512 KiB of them', async () => {
    const server = await startServer({ database: await embedded.open() });
    const { send, message } = await openAcknowledged(server.url);
    const where = { ports: Array.from({ length: 1_000 }, () => 10_000) };
    const padded = `${query} # ${'x'.repeat(50_000)}`;
    for (let id = 0; id < 10; id += 1) {
      send({ type: 'subscribe', id: String(id), payload: { query: padded, variables: { where } } });
    }
    expect((await message(({ id }) => id === '9')).payload).toMatchObject({
      errors: [{ message: expect.stringContaining('one connection have at most 524288 bytes') }],
    });
    const other = await openAcknowledged(server.url);
    other.send({ type: 'subscribe', id: 'a', payload: { query: padded, variables: { where } } });
    await vi.waitFor(() => expect(server.feed.status().subscribers).toBe(10));
  });
});
