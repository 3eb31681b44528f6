import { describe, expect, it } from 'vitest';
import { asPort } from '../../src/domain/port.ts';
import { engines } from '../support/databases.ts';
import {
  allocate,
  granted,
  here,
  listeningOn,
  openRegistry,
  policy,
  refused,
  registration,
  span,
  worktree,
} from '../support/registry.ts';

const ranges = { dev: span(8_000, 8_003), test: span(7_000, 7_001), production: span(9_000, 9_000) };

describe.each(engines)('looking on $name', (engine) => {
  it('at a port says who holds it and what to take instead, and holds nothing', async () => {
    const database = await engine.open();
    const registry = openRegistry(database, { probePort: listeningOn(new Set([8_000, 8_001])) });
    const owner = worktree('/wt/cart');
    granted(await registry.registerPort(registration(8_000, 'web', { owner, environment: 'dev' })));
    const check = await registry.checkPort({ port: asPort(8_000), host: null });
    expect(check).toMatchObject({
      hostName: here,
      available: false,
      reasons: ['ALLOCATED', 'LISTENING'],
      allocation: { owner: 'worktree:/wt/cart', serviceName: 'web' },
      suggestions: [8_002, 8_003, 8_004],
    });
    expect(check.explanation).toContain('not a bug in your code');
    expect(await database.query('SELECT 1 FROM wharfinger.port_allocation')).toHaveLength(1);
  });

  it('at a port of a host that nobody has used says that it is free', async () => {
    const registry = openRegistry(await engine.open());
    const check = await registry.checkPort({ port: asPort(8_000), host: 'pier' });
    expect(check).toMatchObject({ hostName: 'pier', available: true, reasons: [], allocation: null });
  });

  it('for a port recommends the one that allocating gives', async () => {
    const registry = openRegistry(await engine.open(), {
      policy: policy({ ranges }),
      probePort: listeningOn(new Set([8_000])),
    });
    const asked = { serviceName: 'web', environment: 'dev', host: null } as const;
    const recommended = granted(await registry.recommendPort(asked));
    expect(recommended).toMatchObject({ port: 8_001, available: true });
    expect((await allocate(registry, 'web')).port).toBe(8_001);
    expect(granted(await registry.recommendPort(asked))).toMatchObject({ port: 8_001, available: false });
  });

  it('for a port in a full range is refused', async () => {
    const registry = openRegistry(await engine.open(), { policy: policy({ ranges }) });
    await allocate(registry, 'web', { environment: 'production', owner: worktree('/wt/cart') });
    const asked = { serviceName: 'web', environment: 'production', host: null } as const;
    refused(await registry.recommendPort(asked), 'RANGE_EXHAUSTED');
  });

  it('at the ranges counts the live ports of each host, in the order of the names', async () => {
    const registry = openRegistry(await engine.open(), { policy: policy({ ranges }) });
    for (const name of ['web', 'api']) await allocate(registry, name); // in this order
    await allocate(registry, 'web', { environment: 'test', host: 'pier' });
    granted(await registry.registerPort(registration(5_432, 'postgres')));
    const { port } = await allocate(registry, 'gone');
    granted(await registry.releasePort({ port, host: null, owner: worktree('/any'), force: false }));
    const usage = await registry.rangeUsage(['pier', here, 'never']);
    expect(usage.map((each) => each.map(({ used }) => used))).toEqual([
      [0, 1, 0],
      [2, 0, 0],
      [0, 0, 0],
    ]);
    expect(usage[1]?.[0]).toEqual({ environment: 'dev', start: 8_000, end: 8_003, size: 4, used: 2 });
  });
});
