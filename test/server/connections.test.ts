import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ConnectionLimits, connectionLimits, watchConnections } from '../../src/server/connections.ts';

const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** More than a socket's buffers take. */
const large = 'x'.repeat(16 << 20);

/** Answers once the whole request has come. */
const respondToWhole = (incoming: IncomingMessage, response: ServerResponse, answer: string): unknown =>
  incoming.resume().once('end', () => response.end(answer));

/** A server whose connections are watched, and which answers each request with `answers`. */
async function serve(
  limits: Partial<ConnectionLimits>,
  answers = 'here',
  handle = (_path: string) => {},
  respond = respondToWhole,
) {
  const server = createServer();
  const connections = watchConnections(server, pino({ level: 'silent' }), { ...connectionLimits, ...limits });
  server.on('request', (incoming, response) => {
    connections.turn(incoming, response).then(() => {
      handle(incoming.url ?? '');
      respond(incoming, response, answers);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    connections.close();
    server.closeAllConnections();
    server.close();
  });
  return { server, connections };
}

/** A connection of a client, which the server has accepted. It is read only if a test does. */
async function open(server: Server): Promise<Socket> {
  const accepted = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await accepted;
  return socket;
}

/** Resolves once the server has closed it, in whatever way. */
const closed = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.resume();
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

/** Whether the server still answers on this connection. */
async function answers(socket: Socket): Promise<boolean> {
  socket.write(request);
  const [data] = await once(socket, 'data');
  return String(data).startsWith('HTTP/1.1 200');
}

describe('connections that the server waits for', () => {
  it('are closed for newcomers of the same address, the oldest first', async () => {
    const { server } = await serve({ waitingPerAddress: 2 });
    const first = await open(server);
    const second = await open(server);
    const third = await open(server);
    await closed(first);
    expect([await answers(second), await answers(third)]).toEqual([true, true]);
  });

  it('are closed for newcomers of any address where all are taken', async () => {
    const { server } = await serve({ connections: 2 });
    const first = await open(server);
    const others = [await open(server), await open(server)];
    await closed(first);
    for (const other of others) expect(await answers(other)).toBe(true);
  });

  it('count from the last answer on', async () => {
    const { server } = await serve({ waitingPerAddress: 2 });
    const first = await open(server);
    const second = await open(server);
    expect(await answers(first)).toBe(true);
    await open(server);
    await closed(second);
    expect(await answers(first)).toBe(true);
  });

  it('are those too whose request comes slowly', async () => {
    const { server } = await serve({ waitingPerAddress: 1 });
    const slow = await open(server);
    const came = once(server, 'request');
    slow.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345');
    await came;
    const newcomer = await open(server);
    await closed(slow);
    expect(await answers(newcomer)).toBe(true);
  });

  it('are those too whose request was answered before its body came', async () => {
    const { server } = await serve({ waitingPerAddress: 1 }, 'early', undefined, (_request, response, answer) =>
      response.end(answer),
    );
    const early = await open(server);
    const came = once(server, 'request');
    early.write('GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345');
    const [incoming] = (await came) as [IncomingMessage];
    const ended = once(incoming, 'end');
    await once(early, 'data');
    early.write('67890');
    await ended;
    const newcomer = await open(server);
    await closed(early);
    newcomer.write(request);
    expect(String((await once(newcomer, 'data'))[0])).toContain('early');
  });

  it('are not those for which it works', async () => {
    const { server, connections } = await serve({ waitingPerAddress: 1 });
    const accepted = once(server, 'connection');
    const busy = await open(server);
    const [serversEnd] = (await accepted) as [Socket];
    const done = connections.work(serversEnd);
    const second = await open(server);
    expect(await answers(second)).toBe(true);
    done();
    expect(await answers(busy)).toBe(true);
  });
});

describe('a client that does not read', () => {
  it('is cut', async () => {
    const { server } = await serve({ unreadMs: 50, checkIntervalMs: 10 }, large);
    const client = await open(server);
    client.write(request);
    await vi.waitFor(async () => expect(await countOf(server)).toBe(0));
  });

  it('is not cut while it reads a little', async () => {
    const { server } = await serve({ unreadMs: 200, checkIntervalMs: 10 }, large);
    const client = await open(server);
    client.write(request);
    let read = 0;
    for await (const chunk of client) {
      read += (chunk as Buffer).length;
      if (read >= large.length) break;
    }
    expect(read).toBeGreaterThanOrEqual(large.length);
  });

  it('is cut sooner where many do not, the slowest first', async () => {
    const { server } = await serve({ unreadBytes: 24 << 20, slowMs: 0, checkIntervalMs: 10 }, large);
    const clients = [await open(server), await open(server)];
    for (const client of clients) client.write(request);
    await vi.waitFor(async () => expect(await countOf(server)).toBe(1));
  });

  it('has one answer at a time in memory, however many requests it sends', async () => {
    const handled: string[] = [];
    const { server } = await serve({}, large, (path) => handled.push(path));
    const client = await open(server);
    const came = new Promise<void>((resolve) => {
      let count = 0;
      server.on('request', () => {
        count += 1;
        if (count === 5) resolve();
      });
    });
    const requests = ['/1', '/2', '/3', '/4', '/5'].map((path) => request.replace('/', path));
    client.write(requests.join('').replace(/\r\n$/, 'Connection: close\r\n\r\n'));
    await came;
    expect(handled.length).toBeLessThanOrEqual(1);
    expect((await text(client)).match(/HTTP\/1\.1 200/g)).toHaveLength(5);
    expect(handled).toEqual(['/1', '/2', '/3', '/4', '/5']);
  });
});

it('closes those of whose requests the most has come where memory runs short', async () => {
  const { server } = await serve({ unfinishedBytes: 1 << 20, checkIntervalMs: 10 });
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n';
  const greedy = await open(server);
  const modest = await open(server);
  modest.write(`${head}${'x'.repeat(1_000)}`);
  greedy.write(`${head}${'x'.repeat(4 << 20)}`);
  await closed(greedy);
  expect(await countOf(server)).toBe(1);
});

const countOf = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_e, count) => resolve(count)));
