import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { postgresql } from '../support/databases.ts';
import { fillLog } from '../support/full-log.ts';
import { openAcknowledged } from '../support/raw-websocket.ts';
import { startServer, type TestServer } from '../support/server.ts';

const eventCount = 3_000;
const eventBytes = 16_000;
const query = 'subscription { allocationChanged(after: "0") { cursor allocation { metadata } } }';

/** The server's ends of the connections that are made from now on. */
function serverSockets(server: TestServer): Set<Socket> {
  const sockets = new Set<Socket>();
  const opened = (message: unknown) => {
    const { socket } = message as { socket: Socket }; // https://nodejs.org/api/diagnostics_channel.html#net
    if (socket.localPort === server.port) sockets.add(socket);
  };
  subscribe('net.server.socket', opened);
  onTestFinished(() => {
    unsubscribe('net.server.socket', opened);
  });
  return sockets;
}

/** Subscribes over server-sent events and never reads. */
function neverRead({ url }: TestServer): Promise<void> {
  const body = JSON.stringify({ query });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', 'content-length': body.length };
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.pause();
      response.once('error', () => {});
      resolve();
    });
    onTestFinished(() => {
      sent.destroy();
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

describe('a subscriber that does not read', () => {
  it.each(['a WebSocket', 'server-sent events'])(
    'over %s costs the server a few events of memory, whatever happens',
    async (transport) => {
      const database = await postgresql.open();
      await fillLog(database, { count: eventCount });
      const reads: unknown[] = [];
      const counting: Database['query'] = (text, values) => {
        if (text.includes('FROM wharfinger.allocation_event')) reads.push(values?.[0]);
        return database.query(text, values);
      };
      const server = await startServer({ database: { ...database, query: counting } });
      const sockets = serverSockets(server);
      if (transport === 'a WebSocket') {
        const { send, socket } = await openAcknowledged(server.url);
        send({ type: 'subscribe', id: 'a', payload: { query } });
        socket.pause();
      } else {
        await neverRead(server);
      }

      let read = 0;
      let most = 0;
      for await (const { data } of server.overWebsocket<{ allocationChanged: { cursor: string } }>(query)) {
        read += 1;
        for (const { writableLength } of sockets) most = Math.max(most, writableLength);
        if (Number(data.allocationChanged.cursor) === eventCount) break;
      }
      expect(read).toBe(eventCount);
      expect(sockets.size).toBeGreaterThanOrEqual(2);
      expect(most).toBeLessThan(20 * eventBytes);
      // Only the one who read came as far as the last page.
      expect(reads.filter((after) => after === eventCount - 500)).toHaveLength(1);
    },
  );
});
