import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { engines } from '../support/databases.ts';
import { allocate, granted, openRegistry, release, stoppedClock, worktree } from '../support/registry.ts';

const day = 86_400_000;
const owner = worktree('/src/elsewhere');

function openHarbour(database: Database, scanIntervalMs: number) {
  const clock = stoppedClock();
  const open = () => openRegistry(database, { clock: clock.now, monotonic: clock.monotonic, scanIntervalMs });
  let registry = open();
  /** Scans so many times, an interval apart, and answers what cleanups in between took. */
  const scan = async (times: number) => {
    const taken: (string | number)[][] = [];
    for (let scans = 0; scans < times; scans++) {
      clock.advance(scanIntervalMs);
      await registry.scanHost(); // in a row
      const told = await registry.cleanupPorts({ host: null, dryRun: true });
      const done = await registry.cleanupPorts({ host: null, dryRun: false });
      const facts = ({ released, kept }: typeof told) =>
        [...released, ...kept].map(({ allocation, reason, explanation }) => [allocation.port, reason, explanation]);
      expect(facts(told)).toEqual(facts(done));
      taken.push(...done.released.map(({ allocation, reason }) => [allocation.port, reason]));
    }
    return taken;
  };
  return {
    clock,
    scan,
    registry: () => registry,
    restart: () => {
      registry = open();
    },
  };
}

describe.each(engines)('time on $name', (engine) => {
  it('that the clock skips takes no idle claim, nor does that the machine sleeps or nobody scans', async () => {
    const { clock, scan, registry, restart } = openHarbour(await engine.open(), 15_000);
    await allocate(registry(), 'web');
    expect(await scan(2)).toEqual([]);
    clock.jump(8 * day);
    expect(await scan(4)).toEqual([]);
    clock.jump(-8 * day);
    expect(await scan(4)).toEqual([]);
    clock.advance(8 * day); // both clocks count the sleep
    expect(await scan(4)).toEqual([]);
    restart();
    clock.advance(30 * day);
    expect(await scan(4)).toEqual([]);
    const { kept } = await registry().cleanupPorts({ host: null, dryRun: true });
    expect(kept).toMatchObject([
      { reason: 'RECENTLY_SEEN', explanation: expect.stringContaining('idle for 0 of the 7 days') },
    ]);
  });

  it('in which scans see a claim idle takes it in the end, whatever came before', async () => {
    const { clock, scan, registry } = openHarbour(await engine.open(), day);
    await allocate(registry(), 'web');
    expect(await scan(1)).toEqual([]);
    clock.jump(-400 * day);
    // Seven days, but for the one in which the clock was set back, and two more scans that agree.
    expect(await scan(9)).toEqual([]);
    expect(await scan(1)).toEqual([[8_000, 'INACTIVE']]);
  });

  it('begins anew for a claim that its owner asks for again', async () => {
    const { scan, registry } = openHarbour(await engine.open(), day);
    await allocate(registry(), 'web', { owner });
    expect(await scan(7)).toEqual([]);
    expect(await allocate(registry(), 'web', { owner })).toMatchObject({ port: 8_000, misses: 0 });
    expect(await scan(7)).toEqual([]);
  });

  it('makes history old only as scans see it pass', async () => {
    const database = await engine.open();
    const { clock, scan, registry } = openHarbour(database, 4 * day);
    await allocate(registry(), 'web');
    granted(await registry().releasePort(release(8_000)));
    expect(await scan(1)).toEqual([]);
    clock.jump(100 * day);
    expect(await scan(2)).toEqual([]); // eight times as much as they see pass
    expect(await scan(1)).toEqual([[8_000, 'RELEASED_HISTORY']]);
  });

  it('makes no history old for a host that joins with a clock that is ahead', async () => {
    const database = await engine.open();
    const { scan, registry } = openHarbour(database, day);
    expect(await scan(1)).toEqual([]);
    await allocate(registry(), 'web');
    granted(await registry().releasePort(release(8_000)));

    const ahead = stoppedClock();
    ahead.jump(100 * day);
    const joining = openRegistry(database, { hostName: 'joining', clock: ahead.now });
    for (const look of [false, true]) {
      if (look) await joining.scanHost(); // then as before
      await joining.cleanupPorts({ host: null, dryRun: false });
      const [left] = await database.query('SELECT count(*)::integer AS events FROM wharfinger.allocation_event');
      expect(left).toEqual({ events: 2 });
    }
  });

  it('begins with the last scan in a database of an older version, where no claim is old yet', async () => {
    const database = await engine.open();
    const { clock, scan, registry } = openHarbour(database, day);
    await allocate(registry(), 'web');
    expect(await scan(1)).toEqual([]);
    await database.script(`ALTER TABLE wharfinger.host DROP COLUMN observed_time;
      ALTER TABLE wharfinger.port_allocation DROP COLUMN idle_since;
      UPDATE wharfinger.port_allocation SET misses = 3, allocated_at = allocated_at - interval '400 days';`);
    await database.script(await readFile('prisma/migrations/20261128010000_observed_time/migration.sql', 'utf8'));
    const [host] = await database.query('SELECT observed_time = scanned_at AS is_last_scan FROM wharfinger.host');
    expect(host).toEqual({ is_last_scan: true });
    clock.jump(400 * day);
    expect(await scan(9)).toEqual([]);
    expect(await scan(1)).toEqual([[8_000, 'INACTIVE']]);
  });

  it('that was lost with the database makes a claim younger, and no older', async () => {
    const database = await engine.open();
    const { scan, registry, restart } = openHarbour(database, day);
    await allocate(registry(), 'web');
    expect(await scan(7)).toEqual([]);
    await database.query(`UPDATE wharfinger.host SET observed_time = observed_time - interval '300 days'`);
    restart();
    expect(await scan(9)).toEqual([]);
    expect(await scan(2)).toEqual([[8_000, 'INACTIVE']]);
  });
});
