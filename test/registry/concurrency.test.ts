import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/refusals.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { Database } from '../../src/storage/database.ts';
import { engines, pooled, postgresql } from '../support/databases.ts';
import {
  allocate,
  claim,
  claims,
  granted,
  openRegistry,
  policy,
  release,
  service,
  span,
  worktree,
} from '../support/registry.ts';

/** Without reserved ports, so that the ports of a range can be counted off. */
const open = (database: Database) => openRegistry(database, { policy: policy({ reserved: new Set() }) });
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const codesOf = (outcomes: readonly unknown[]) =>
  outcomes.flatMap((outcome) => (isRefusal(outcome) ? [outcome.code] : []));
const allocateGroup = async (registry: Registry, size: number) =>
  granted(await registry.allocatePorts(claims(times(size, (index) => service(`early ${index}`)))));

describe.each([...engines, ...pooled])('requests at once on $name', (engine) => {
  it('get 200 distinct ports, the lowest ones', async () => {
    const registry = open(await engine.open());
    const allocations = await Promise.all(times(200, (index) => allocate(registry, `service ${index}`)));
    const ports = allocations.map(({ port }) => port).sort((a, b) => a - b);
    expect(ports).toEqual(times(200, (index) => 8_000 + index));
  });

  it('for the same service get one port, created once', async () => {
    const registry = open(await engine.open());
    const owner = worktree('/shop');
    const outcomes = await Promise.all(times(50, () => registry.allocatePort(claim('web', { owner }))));
    const grants = outcomes.map(granted);
    expect(new Set(grants.map((grant) => grant.allocation.id)).size).toBe(1);
    expect(grants.filter(({ created }) => created)).toHaveLength(1);
  });

  it('for one more port than there is are granted but one', async () => {
    const database = await engine.open();
    const registry = open(database);
    const outcomes = await Promise.all(times(1_001, (index) => registry.allocatePort(claim(`service ${index}`))));
    expect(codesOf(outcomes)).toEqual(['RANGE_EXHAUSTED']);
    const rows = await database.query<{ port: number }>('SELECT DISTINCT port FROM wharfinger.port_allocation');
    expect(rows).toHaveLength(1_000);
  });

  it('by the random strategy find every port of a range', async () => {
    const ranges = { ...policy().ranges, dev: span(8_000, 8_299) };
    const registry = openRegistry(await engine.open(), {
      policy: policy({ strategy: 'random', ranges, reserved: new Set() }),
    });
    const outcomes = await Promise.all(times(301, (index) => registry.allocatePort(claim(`service ${index}`))));
    const ports = outcomes.flatMap((outcome) => (isRefusal(outcome) ? [] : [Number(outcome.allocation.port)]));
    expect(ports.sort((a, b) => a - b)).toEqual(times(300, (index) => 8_000 + index));
    expect(codesOf(outcomes)).toEqual(['RANGE_EXHAUSTED']);
  });

  it('by the random strategy find the last ports of an almost full range', async () => {
    const database = await engine.open();
    await allocateGroup(open(database), 960);
    const registry = openRegistry(database, { policy: policy({ strategy: 'random', reserved: new Set() }) });
    const outcomes = await Promise.all(times(40, (index) => registry.allocatePort(claim(`late ${index}`))));
    const ports = outcomes.map((outcome) => Number(granted(outcome).allocation.port));
    expect(ports.sort((a, b) => a - b)).toEqual(times(40, (index) => 8_960 + index));
  });

  it('release and allocate one port without end', async () => {
    const database = await engine.open();
    const registry = open(database);
    const owner = worktree('/shop');
    for (let round = 0; round < 20; round++) {
      const { port } = await allocate(registry, 'web', { owner }); // one after the other is the point
      expect(port).toBe(8_000);
      expect(granted(await registry.releasePort(release(port, { owner })))).toMatchObject({ status: 'released' });
    }
    const [row] = await database.query(
      'SELECT count(*)::int AS rows, count(released_at)::int AS released FROM wharfinger.port_allocation',
    );
    expect(row).toEqual({ rows: 20, released: 20 });
  });
});

describe.each([postgresql, ...pooled])('two instances on one $name', (engine) => {
  it('give 200 requests at once 200 distinct ports', async () => {
    const database = await engine.create();
    const registries = [open(await database.open()), open(await database.open())] as const;
    const allocations = await Promise.all(
      times(200, (index) => allocate(registries[index % 2 === 0 ? 0 : 1], `service ${index}`)),
    );
    const ports = allocations.map(({ port }) => port).sort((a, b) => a - b);
    expect(ports).toEqual(times(200, (index) => 8_000 + index));
  });

  it('give the same request one port, created once', async () => {
    const database = await engine.create();
    const registries = [open(await database.open()), open(await database.open())] as const;
    const owner = worktree('/shop');
    const outcomes = await Promise.all(
      times(50, (index) => registries[index % 2 === 0 ? 0 : 1].allocatePort(claim('web', { owner }))),
    );
    const grants = outcomes.map(granted);
    expect(new Set(grants.map((grant) => grant.allocation.id)).size).toBe(1);
    expect(grants.filter(({ created }) => created)).toHaveLength(1);
  });

  it('see each what the other allocated and released', async () => {
    const database = await engine.create();
    const one = open(await database.open());
    const other = open(await database.open());
    expect((await allocate(one, 'a', { owner: worktree('/a') })).port).toBe(8_000);
    expect((await allocate(other, 'b', { owner: worktree('/b') })).port).toBe(8_001);
    granted(await other.releasePort(release(8_000, { owner: worktree('/a') })));
    // Free, but kept for its former owner: the first instance learns both from the other's event.
    expect((await allocate(one, 'c', { owner: worktree('/c') })).port).toBe(8_002);
    expect((await allocate(one, 'a', { owner: worktree('/a') })).port).toBe(8_000);
  });
});
