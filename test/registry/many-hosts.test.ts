import { expect, it } from 'vitest';
import { HostCopies } from '../../src/storage/host-copies.ts';
import { engines, postgresql } from '../support/databases.ts';
import { allocate, openRegistry, release } from '../support/registry.ts';

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
