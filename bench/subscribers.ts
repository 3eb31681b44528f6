import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type Operation, subscription } from './operations.ts';

/** The sockets of this process, and what they wait for. */
const sockets: { graph: WebSocket[]; raw: WebSocket[] } = { graph: [], raw: [] };
let received = 0;
let lastMessage = '';
let complete: (() => void) | undefined;

const batchSize = 100;
const receiveTimeoutMs = 20_000;

/** Opens so many connections, each subscribed to everything after a cursor. */
export async function openSubscribers({ url, count, after }: { url: string; count: number; after: unknown }) {
  const payload = subscription(after);
  await inBatches(count, async () => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message'); // connection_ack
    socket.on('message', (data) => {
      const text = String(data);
      if (text.includes('"type":"next"')) receive(text, sockets.graph.length);
      else if (text.includes('"type":"ping"')) socket.send('{"type":"pong"}');
      else throw new Error(`A subscriber was told ${text}.`);
    });
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    sockets.graph.push(socket);
  });
}

/** Opens so many plain WebSockets. */
export async function openRaw({ url, count }: { url: string; count: number }) {
  await inBatches(count, async () => {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    socket.on('message', (data) => receive(String(data), sockets.raw.length));
    sockets.raw.push(socket);
  });
}

/** From sending an operation that causes one event until the last subscriber has it; and what each was sent. */
export async function measureEvents(send: (operation: Operation) => Promise<void>, operations: readonly Operation[]) {
  const milliseconds: number[] = [];
  for (const operation of operations) {
    milliseconds.push(await untilComplete(() => send(operation))); // one event at a time
  }
  return { milliseconds, message: lastMessage };
}

/** From asking the server to broadcast a message until the last socket has it. */
export async function measureBroadcasts({ message, count }: { message: string; count: number }) {
  const milliseconds: number[] = [];
  for (let each = 0; each < count; each++) {
    milliseconds.push(await untilComplete(async () => sockets.raw[0]?.send(message))); // one at a time
  }
  return milliseconds;
}

export async function closeSockets(): Promise<void> {
  for (const socket of [...sockets.graph.splice(0), ...sockets.raw.splice(0)]) socket.terminate();
}

function receive(text: string, expected: number): void {
  lastMessage = text;
  received += 1;
  if (received === expected) complete?.();
}

async function untilComplete(start: () => Promise<void>): Promise<number> {
  received = 0;
  let incomplete = (_count: number) => {};
  const done = new Promise<void>((resolve, reject) => {
    complete = resolve;
    incomplete = (count) => reject(new Error(`Only ${count} messages have come.`));
  });
  const late = setTimeout(() => incomplete(received), receiveTimeoutMs);
  const started = performance.now();
  const [finished] = await Promise.all([done.then(() => performance.now()), start()]);
  clearTimeout(late);
  return finished - started;
}

async function inBatches(count: number, open: () => Promise<void>): Promise<void> {
  for (let opened = 0; opened < count; opened += batchSize) {
    await Promise.all(Array.from({ length: Math.min(batchSize, count - opened) }, open)); // a server's backlog is finite
  }
}
