import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { embedded, type TestDatabase } from '../support/databases.ts';
import { fillLog, thousandEvents } from '../support/full-log.ts';
import { sendRaw } from '../support/raw-request.ts';
import { openAcknowledged } from '../support/raw-websocket.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';

const spawn = ({ dataDirectory }: TestDatabase) =>
  spawnServer({ dataDirectory, env: { NODE_OPTIONS: '--max-old-space-size=1024' } });

/** The most memory that a process has had, in MB. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
const peakMemory = ({ pid }: SpawnedServer) =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

const health = async ({ port }: SpawnedServer) => (await sendRaw(port, { path: '/health' })).status;

/** How many queries it has answered. */
async function countQueries({ port }: SpawnedServer): Promise<number> {
  const { text } = await sendRaw(port, { path: '/metrics' });
  return Number(/^wharfinger_graphql_operations_total\{kind="query",outcome="ok"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

/** Sends a query and reads nothing of its answer. */
function askAndNeverRead(port: number, query: string): Socket {
  const body = JSON.stringify({ query });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  return socket;
}

describe.skipIf(process.platform !== 'linux')('a server with 1 GB of heap', { timeout: 180_000 }, () => {
  it('bears hundreds of subscriptions of 1 MB', async () => {
    const server = await spawn(await embedded.create());
    const query = 'subscription { allocationChanged { kind } }';
    const unknown = 'x'.repeat(1_000_000);
    for (let each = 0; each < 7; each += 1) {
      const { send, message } = await openAcknowledged(server.url); // one after another: the client holds them too
      for (let id = 0; id < 33; id += 1) {
        send({ type: 'subscribe', id: String(id), payload: { query, variables: { unknown } } });
      }
      expect((await message(({ id }) => id === '32')).payload).toBeDefined();
      expect(await health(server)).toBe(200);
    }
    expect(peakMemory(server)).toBeLessThan(500);
  });

  it('answers others while clients ask for 18 MB each and never read', async () => {
    const place = await embedded.create();
    const database = await place.open();
    await fillLog(database);
    await database.close();
    const server = await spawn(place);
    const clients = 20;
    const sockets = Array.from({ length: clients }, () => askAndNeverRead(server.port, `{ ${thousandEvents} }`));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    let others = 0;
    while ((await countQueries(server)) < clients) {
      expect(await health(server)).toBe(200); // one after another
      others += 1;
    }
    // Each query is answered in many parts.
    expect(others).toBeGreaterThan(3 * clients);
    expect(peakMemory(server)).toBeLessThan(700);
  });

  it('answers newcomers while 4,150 connections say nothing, and closes those', async () => {
    const server = await spawn(await embedded.create());
    const silent: Socket[] = [];
    onTestFinished(() => {
      for (const socket of silent) socket.destroy();
    });
    const closed = Array.from({ length: 4_150 }, () => {
      const socket = connect(server.port, '127.0.0.1');
      silent.push(socket);
      socket.on('error', () => {});
      socket.resume();
      return new Promise<void>((resolve) => socket.once('close', () => resolve()));
    });
    expect(await health(server)).toBe(200);
    await Promise.all(closed);
    expect(await health(server)).toBe(200);
    expect(peakMemory(server)).toBeLessThan(500);
  });
});
