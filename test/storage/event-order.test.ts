import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { readEvents, readLastNumber } from '../../src/storage/event-log.ts';
import { engines, postgresql } from '../support/databases.ts';
import { allocate, openRegistry, worktree } from '../support/registry.ts';

const owner = worktree('/wt/a');

/** The same database, whose transactions take a while to commit once their work is done, and sometimes fail. */
function slow(database: Database): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction(async (transaction) => {
        const result = await work(transaction);
        await transaction.query('SELECT pg_sleep($1)', [Math.random() / 100]);
        if (Math.random() < 0.2) throw new Error('changed its mind');
        return result;
      }),
  };
}

/** Allocates until so many were granted, one transaction each. */
async function write(database: Database, hostName: string, count: number): Promise<void> {
  const registry = openRegistry(slow(database), { hostName });
  for (let n = 0; n < count; ) {
    const outcome = allocate(registry, `service-${n}`, { owner });
    n += await outcome.then(() => 1).catch(() => 0); // a transaction of its own is the point
  }
}

describe.each(engines)('the event log on $name', (engine) => {
  it('numbers events from 1 without gaps, whatever was rolled back', async () => {
    const database = await engine.open();
    await write(database, 'quay', 20);

    const events = await readEvents(database, 0, 100);
    expect(events.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await readLastNumber(database)).toBe(20);
  });

  it('reads after a number, oldest first, at most as many as wanted', async () => {
    const database = await engine.open();
    const registry = openRegistry(database);
    const ports: number[] = [];
    for (const name of ['a', 'b', 'c', 'd']) ports.push((await allocate(registry, name, { owner })).port); // in this order

    const events = await readEvents(database, 1, 2);

    expect(events.map(({ number, allocation }) => [number, allocation.port])).toEqual([
      [2, ports[1]],
      [3, ports[2]],
    ]);
  });
});

describe('the event log of several instances', () => {
  it('shows a number only once all smaller ones can be seen', async () => {
    const place = await postgresql.create();
    const instances = await Promise.all(Array.from({ length: 4 }, () => place.open()));
    const reader = await place.open();
    const perInstance = 25;
    const writing = Promise.all(instances.map((database, n) => write(database, `host-${n}`, perInstance)));

    const seen: number[] = [];
    while (seen.length < instances.length * perInstance) {
      const events = await readEvents(reader, seen.at(-1) ?? 0, 100); // as a feed does, again and again
      seen.push(...events.map(({ number }) => number));
    }
    await writing;

    expect(seen).toEqual(Array.from({ length: instances.length * perInstance }, (_, n) => n + 1));
  });

  it('makes an event wait for the transaction that drew the number before it', async () => {
    const place = await postgresql.create();
    const [one, other] = await Promise.all([place.open(), place.open()]);
    let waiting: Promise<unknown> | undefined;

    await one.transaction(async (transaction) => {
      await allocate(openRegistry({ ...one, transaction: (work) => work(transaction) }, { hostName: 'quay' }), 'web', {
        owner,
      });
      waiting = allocate(openRegistry(other, { hostName: 'pier' }), 'web', { owner });
      await blocked(one);
      expect(await readEvents(other, 0, 10)).toEqual([]);
    });
    await waiting;

    const events = await readEvents(one, 0, 10);
    expect(events.map(({ number, allocation }) => [number, allocation.hostName])).toEqual([
      [1, 'quay'],
      [2, 'pier'],
    ]);
  });
});

/** Resolves when some transaction of the database waits for another. */
async function blocked(database: Database): Promise<void> {
  await expect
    .poll(
      () =>
        database.query(
          'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0',
        ),
      { timeout: 5_000 },
    )
    .toHaveLength(1);
}
