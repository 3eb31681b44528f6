import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probePort } from '../../src/observer/probe.ts';
import type { Database } from '../../src/storage/database.ts';
import { engines } from '../support/databases.ts';
import { freeSpace } from '../support/free-space.ts';
import { allocate, claim, granted, listeningOn, openRegistry, policy, refused } from '../support/registry.ts';

async function listen(port: number, host: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen({ port, host, ipv6Only: true }, resolve),
  );
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return server;
}

/** A database that says whether a transaction is under way. */
function watched(database: Database) {
  let open = 0;
  const transaction: Database['transaction'] = async (work) => {
    open += 1;
    try {
      return await database.transaction(work);
    } finally {
      open -= 1;
    }
  };
  return { database: { ...database, transaction }, isInTransaction: () => open > 0 };
}

describe.each(engines)('ports that somebody listens on, on $name', (engine) => {
  it.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('are passed over where it is on %s', async (host) => {
    const dev = await freeSpace();
    const { start } = dev;
    const ranges = { ...policy().ranges, dev };
    const registry = openRegistry(await engine.open(), { policy: policy({ ranges }), probePort });
    await listen(start, host);
    await listen(start + 2, host);
    const ports = [];
    for (const name of ['a', 'b', 'c']) ports.push((await allocate(registry, name)).port); // in this order
    expect(ports).toEqual([start + 1, start + 3, start + 4]);
  });

  it('are refused when asked for, with others instead, unless forced', async () => {
    const dev = await freeSpace();
    const { start } = dev;
    const ranges = { ...policy().ranges, dev };
    const registry = openRegistry(await engine.open(), { policy: policy({ ranges }), probePort });
    await listen(start, '127.0.0.1');
    const exactPort = start;
    const refusal = refused(await registry.allocatePort(claim('web', { exactPort })), 'PORT_UNAVAILABLE');
    expect(refusal.reasons).toEqual(['LISTENING']);
    expect(refusal.suggestions).toEqual([start + 1, start + 2, start + 3]);
    expect(granted(await registry.allocatePort(claim('web', { exactPort, force: true }))).allocation.port).toBe(start);
  });

  it('are no obstacle to the owner that holds them', async () => {
    const listening = new Set<number>();
    const registry = openRegistry(await engine.open(), { probePort: listeningOn(listening) });
    const { port } = await allocate(registry, 'web');
    listening.add(port);
    expect(granted(await registry.allocatePort(claim('web')))).toMatchObject({ created: false, allocation: { port } });
    expect(granted(await registry.allocatePort(claim('web', { exactPort: port })))).toMatchObject({ created: false });
  });

  it('are passed over however many there are', async () => {
    const listening = new Set(Array.from({ length: 990 }, (_, index) => 8_000 + index));
    const registry = openRegistry(await engine.open(), { probePort: listeningOn(listening) });
    const allocations = await Promise.all(Array.from({ length: 10 }, (_, index) => allocate(registry, `s${index}`)));
    expect(allocations.map(({ port }) => port).sort()).toEqual(Array.from({ length: 10 }, (_, index) => 8_990 + index));
    refused(await registry.allocatePort(claim('late')), 'RANGE_EXHAUSTED');
  });

  it('are not looked for on hosts that cannot be seen from here', async () => {
    const probed: number[] = [];
    const probe = async (port: number) => {
      probed.push(port);
      return 'listening' as const;
    };
    const registry = openRegistry(await engine.open(), { probePort: probe });
    expect((await allocate(registry, 'web', { host: 'pier' })).port).toBe(8_000);
    expect(probed).toEqual([]);
  });
});

describe.each(engines)('probing on $name', (engine) => {
  it('is done before a port is granted, and never inside a transaction', async () => {
    const { database, isInTransaction } = watched(await engine.open());
    const probes: { readonly port: number; readonly inside: boolean }[] = [];
    const probe = async (port: number) => {
      probes.push({ port, inside: isInTransaction() });
      return 'free' as const;
    };
    const registry = openRegistry(database, { probePort: probe });
    const { port } = await allocate(registry, 'web');
    await registry.checkPort({ port: (await allocate(registry, 'api')).port, host: null });
    expect(probes.map((each) => each.port)).toContain(port);
    expect(probes.filter(({ inside }) => inside)).toEqual([]);
  });

  it('for a random recommendation is done for the ports recommended, not until a draw repeats itself', async () => {
    const probed = new Set<number>();
    const probe = async (port: number) => {
      probed.add(port);
      return 'free' as const;
    };
    const registry = openRegistry(await engine.open(), { policy: policy({ strategy: 'random' }), probePort: probe });
    const { port, suggestions } = granted(
      await registry.recommendPort({ serviceName: 'web', environment: 'dev', host: null }),
    );
    expect([...probed].sort()).toEqual([port, ...suggestions].sort());
  });
});
