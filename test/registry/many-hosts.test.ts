import { expect, it } from 'vitest';
import { HostCopies } from '../../src/storage/host-copies.ts';
import { engines, postgresql } from '../support/databases.ts';
import {
  allocate,
  granted,
  listener,
  openRegistry,
  release,
  seeing,
  stoppedClock,
  worktree,
} from '../support/registry.ts';

it.each(engines)('keeps the copies of few hosts, whatever hosts callers name: $name', async (engine) => {
  const database = await engine.open();
  const cache = new HostCopies(0, () => new Date());
  const names = Array.from({ length: 100 }, (_, index) => `host-${index}`);
  for (const name of names) await cache.host(database, name, 0); // one after the other, as in a transaction

  expect(names.filter((name) => cache.glance(name))).toEqual(names.slice(-64));
});

it('leaves no row of a host that was only asked about', async () => {
  const database = await postgresql.open();
  const registry = openRegistry(database);
  await registry.releasePort({ ...release(8_000), host: 'nowhere' });
  const { port } = await allocate(registry, 'web');

  expect(port).toBe(8_000);
  expect(await database.query('SELECT name FROM wharfinger.host')).toHaveLength(1);
});

it.each(engines)('knows when other hosts were last looked at, however often that is: $name', async (engine) => {
  const database = await engine.open();
  const clock = stoppedClock();
  const listeners = [listener(8_000, { workingDirectory: '/wt/a' })];
  const near = openRegistry(database, { clock: clock.now });
  const pier = openRegistry(database, { clock: clock.now, hostName: 'pier', observer: seeing(listeners) });
  await allocate(pier, 'web', { owner: worktree('/wt/a') });
  await pier.scanHost();
  await allocate(near, 'api', { host: 'pier' }); // from now on it has a copy of that host
  clock.advance(3 * 86_400_000);
  await pier.scanHost(); // changes nothing but the time of the look

  const seenAt = clock.now();
  clock.advance(1_000);
  granted(await near.releasePort({ ...release(8_000, { force: true }), host: 'pier' }));
  const [released] = await database.prisma.portAllocation.findMany({ where: { port: 8_000 } });
  expect(released).toMatchObject({ status: 'released', lastCheckedAt: seenAt, lastActiveAt: seenAt });
});
