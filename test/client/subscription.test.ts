import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AllocationChanges, AllocationEvent, RegistryClient } from '../../src/client/client.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { type Engine, embedded, engines } from '../support/databases.ts';
import { allocate, granted, release } from '../support/registry.ts';
import { startServer } from '../support/server.ts';
import { openClient } from './registry-client.ts';
import { openProxy } from './tcp-proxy.ts';

/** The next so many events; the iteration stays open. */
async function take(changes: AllocationChanges, count: number): Promise<AllocationEvent[]> {
  const events: AllocationEvent[] = [];
  while (events.length < count) {
    const { value } = await changes.next(); // in order
    if (!value) expect.fail(`ended after ${events.length} of ${count} events`);
    events.push(value);
  }
  return events;
}

/** The whole log, read in pages. */
async function readLog(client: RegistryClient): Promise<AllocationEvent[]> {
  const log: AllocationEvent[] = [];
  for (;;) {
    const page = await client.allocationEvents({ after: log.at(-1)?.cursor, first: 1_000 }); // each follows the last
    log.push(...page);
    if (page.length < 1_000) return log;
  }
}

const cursors = (events: readonly AllocationEvent[]) => events.map(({ cursor }) => cursor);
const services = (events: readonly AllocationEvent[]) => events.map(({ allocation }) => allocation.serviceName);

/** Resolves when a server has so many subscriptions. */
const subscribers = (feed: Feed, count: number) =>
  vi.waitUntil(() => feed.status().subscribers === count, { interval: 5, timeout: 20_000 });

async function openBehindProxy(engine: Engine = embedded) {
  const database = await engine.open();
  const server = await startServer({ database });
  const proxy = await openProxy(server.port);
  return { database, server, proxy, client: openClient({ url: proxy.url }), direct: openClient({ url: server.url }) };
}

describe.each(engines)('a subscription on $name', (engine) => {
  it('sees each of 1,000 changes once and in order while connections are cut', async () => {
    const { server, proxy, client, direct } = await openBehindProxy(engine);
    const writing = makeChanges(server.registry);
    const changes = client.allocationChanged({ after: '0', largestBuffer: 40 });
    const events: AllocationEvent[] = [];
    while (events.length < 1_000) {
      events.push(...(await take(changes, 50))); // cut after every 50 events, 20 times
      proxy.cut();
    }
    await writing;
    expect(cursors(events)).toEqual(cursors(await readLog(direct)));
    expect(proxy.connections).toBeGreaterThanOrEqual(20);
    expect(server.entries('error')).toEqual([]);
  }, 90_000);
});

it('a client that is closed after its connection was made anew leaves no socket open', async () => {
  const { server, proxy, client } = await openBehindProxy();
  const changes = client.allocationChanged();
  const first = changes.next();
  await subscribers(server.feed, 1);
  await allocate(server.registry, 'before');
  await first;
  proxy.cut();
  await allocate(server.registry, 'after');
  await changes.next();

  await client.close();
  await vi.waitFor(() => expect(proxy.openSockets).toBe(0), { timeout: 5_000 });
});

/** Allocates 500 ports and releases them, 25 at the same time. */
async function makeChanges(registry: Registry): Promise<void> {
  const batches = Array.from({ length: 20 }, (_, batch) =>
    Array.from({ length: 25 }, (_, index) => `${batch}-${index}`),
  );
  const ports: number[] = [];
  for (const names of batches) {
    const allocations = await Promise.all(names.map((name) => allocate(registry, name))); // one batch after the other
    ports.push(...allocations.map(({ port }) => port));
  }
  for (const _ of batches) {
    await Promise.all(ports.splice(0, 25).map(async (port) => granted(await registry.releasePort(release(port)))));
  }
}

describe('a subscription', () => {
  it('misses nothing where the connection is lost before the first event', async () => {
    const { server, proxy, client } = await openBehindProxy();
    await allocate(server.registry, 'before');
    const changes = client.allocationChanged();
    const first = changes.next();
    await subscribers(server.feed, 1);
    await proxy.close();
    await allocate(server.registry, 'meanwhile');
    await proxy.open();
    expect(await first).toMatchObject({ value: { allocation: { serviceName: 'meanwhile' } } });
  });

  it('goes on where it was when the server was restarted', async () => {
    const { database, server, proxy, client } = await openBehindProxy();
    const changes = client.allocationChanged({ after: '0' });
    await allocate(server.registry, 'first');
    expect(services(await take(changes, 1))).toEqual(['first']);

    const rest = take(changes, 2);
    await server.close();
    const restarted = await startServer({ database });
    await allocate(restarted.registry, 'second');
    proxy.retarget(restarted.port);
    await allocate(restarted.registry, 'third');
    expect(services(await rest)).toEqual(['second', 'third']);
  });

  it('holds no more events than it is told to for a slow reader, who still gets them all', async () => {
    const { server, proxy, client, direct } = await openBehindProxy();
    const changes = client.allocationChanged({ after: '0', largestBuffer: 20 });
    for (let index = 0; index < 100; index++) await allocate(server.registry, `service-${index}`); // in order
    const [first] = await take(changes, 1);
    await subscribers(server.feed, 0);
    const rest = await take(changes, 99);
    expect(cursors([...(first ? [first] : []), ...rest])).toEqual(cursors(await readLog(direct)));
    expect(proxy.connections).toBeGreaterThan(2);
  });

  it('passes on only what was asked for', async () => {
    const { server, client } = await openBehindProxy();
    const changes = client.allocationChanged({ after: '0', where: { ports: [8001] } });
    for (const name of ['a', 'b', 'c']) await allocate(server.registry, name); // in order
    expect(services(await take(changes, 1))).toEqual(['b']);
  });

  it('shares one connection with the others of its client, each with its own place in the log', async () => {
    const { server, proxy, client } = await openBehindProxy();
    for (const name of ['a', 'b']) await allocate(server.registry, name); // in order
    const all = client.allocationChanged({ after: '0' });
    const late = client.allocationChanged({ after: '1' });
    expect(services(await take(all, 2))).toEqual(['a', 'b']);
    expect(services(await take(late, 1))).toEqual(['b']);
    expect(proxy.connections).toBe(1);
  });

  it('connects when it is first asked for an event, and not before', async () => {
    const { server, proxy, client } = await openBehindProxy();
    const changes = client.allocationChanged({ after: '0' });
    await allocate(server.registry, 'web');
    expect(proxy.connections).toBe(0);
    await take(changes, 1);
    expect(proxy.connections).toBe(1);
  });
});

describe('ending a subscription', () => {
  const ways = {
    return: ({ changes }) => changes.return(),
    'closing the client': ({ client }) => client.close(),
    'aborting its signal': ({ abort }) => abort.abort(),
  } satisfies Record<
    string,
    (running: { changes: AllocationChanges; client: RegistryClient; abort: AbortController }) => unknown
  >;

  it.each(Object.entries(ways))('by %s ends a waiting next, and the connection', async (_name, end) => {
    const { server, client } = await openBehindProxy();
    const abort = new AbortController();
    const changes = client.allocationChanged({ signal: abort.signal });
    const waiting = changes.next();
    await subscribers(server.feed, 1);
    await end({ changes, client, abort });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await changes.next()).toEqual({ done: true, value: undefined });
    await subscribers(server.feed, 0);
  });

  it('ends while it waits to reconnect', async () => {
    const { server, proxy, client } = await openBehindProxy();
    const changes = client.allocationChanged();
    const waiting = changes.next();
    await subscribers(server.feed, 1);
    await proxy.close();
    await changes.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('ends while the connection is being made, and gives that up', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const changes = openClient({ url: `http://127.0.0.1:${port}/graphql` }).allocationChanged({ after: '0' });
    const waiting = changes.next();
    const [socket] = (await once(server, 'connection')) as [Socket]; // what the event brings
    await changes.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    socket.resume().on('error', () => {});
    await once(socket, 'close');
  });

  it('is what leaving a for await does', async () => {
    const { server, client } = await openBehindProxy();
    await allocate(server.registry, 'web');
    for await (const { kind } of client.allocationChanged({ after: '0' })) {
      expect(kind).toBe('ALLOCATED');
      break;
    }
    await subscribers(server.feed, 0);
  });
});

it('waits for a server that is not there yet, where it is told to', async () => {
  const { server, proxy, client } = await openBehindProxy();
  await proxy.close();
  await allocate(server.registry, 'web');
  const first = client.allocationChanged({ after: '0', waitForServer: true }).next();
  await proxy.open();
  expect(await first).toMatchObject({ value: { allocation: { serviceName: 'web' } } });
});
