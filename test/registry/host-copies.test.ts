import { describe, expect, it } from 'vitest';
import { asPort } from '../../src/domain/port.ts';
import type { Database } from '../../src/storage/database.ts';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { HostCopies } from '../../src/storage/host-copies.ts';
import { engines } from '../support/databases.ts';
import {
  allocate,
  codebase,
  granted,
  handover,
  here,
  openRegistry,
  release,
  removal,
  repository,
  span,
  worktree,
} from '../support/registry.ts';

const quarantineMs = 300_000;
const openCache = () => new HostCopies(quarantineMs, () => new Date());

/** What a cache says of the ports that the test is about. */
async function seen(cache: HostCopies, database: Database) {
  const number = await readLastNumber(database);
  const occupancy = (await cache.host(database, here, number)).occupancy;
  const catalog = await cache.catalog(database, number);
  const ports = [...Array(6).keys()].map((index) => asPort(8_000 + index));
  return ports.map((port) => ({
    isHeld: occupancy.isHeld(port),
    lastRelease: occupancy.lastRelease(port),
    isConfigured: catalog.isConfiguredElsewhere(port, null),
  }));
}

/** Counts the statements that go to a database. */
function counted(database: Database) {
  let count = 0;
  const query: Database['query'] = (text, values) => {
    count += 1;
    return database.query(text, values);
  };
  return { database: { ...database, query }, statements: () => count };
}

describe.each(engines)('the copy of who holds what on $name', (engine) => {
  it('catches up with every kind of change, and then says what a new one says', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    const owner = worktree('/wt/cart');
    const cache = openCache();
    const changes = [
      () => allocate(registry, 'web', { owner }),
      () => allocate(registry, 'api', { owner }),
      () => allocate(registry, 'web', { host: 'pier' }),
      () => registry.releasePort(release(8_000, { owner })),
      () => registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { web: 8_004 } })),
      () => registry.transferPorts(handover([8_001], { owner, to: codebase('shop') })),
      () => registry.releasePort(release(8_001, { owner: codebase('shop') })),
      () => registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { web: 8_005 } })),
      () => registry.removeWorktree(removal('/wt/cart')),
      () => allocate(registry, 'web', { owner }),
    ];
    for (const change of changes) {
      granted(await change()); // each builds on the one before
      expect(await seen(cache, database)).toEqual(await seen(openCache(), database));
    }
    const held = (await seen(cache, database)).map(({ isHeld }) => isHeld);
    expect(held).toEqual([true, false, false, false, false, false]);
  });

  it('is not read again while nothing has changed', async () => {
    const { database, statements } = counted(await engine.open());
    await allocate(openRegistry(database), 'web');
    const cache = openCache();
    const number = await readLastNumber(database);
    (await cache.host(database, here, number)).occupancy;
    await cache.catalog(database, number);
    const before = statements();
    const occupancy = (await cache.host(database, here, number)).occupancy;
    await cache.catalog(database, number);
    expect(statements()).toBe(before);
    expect([...occupancy.free(span(8_000, 8_002))]).toEqual([8_001, 8_002]);
    expect(cache.glance(here)).toBe(occupancy);
    cache.forget();
    expect(cache.glance(here)).toBeUndefined();
  });

  it('takes over its own commits without reading them', async () => {
    const { database, statements } = counted(await engine.open());
    const cache = openCache();
    const number = await readLastNumber(database);
    const occupancy = (await cache.host(database, here, number)).occupancy;
    occupancy.hold(8_000);
    cache.committed([here], number + 1);
    const before = statements();
    expect((await cache.host(database, here, number + 1)).occupancy.isHeld(8_000)).toBe(true);
    expect(statements()).toBe(before);
  });
});
