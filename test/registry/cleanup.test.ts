import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { readEvents } from '../../src/storage/event-log.ts';
import { mostPruned } from '../../src/storage/ledger-reads.ts';
import { engines } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import {
  allocate,
  checkout,
  granted,
  listeningOn,
  openRegistry,
  registration,
  release,
  stoppedClock,
  worktree,
} from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const day = 86_400_000;

async function openHarbour(database: Database) {
  const base = await realpath(await temporaryDirectory());
  const clock = stoppedClock();
  const listening = new Set<number>();
  const clocks = { clock: clock.now, monotonic: clock.monotonic, scanIntervalMs: 7 * day };
  const open = () => openRegistry(database, { ...clocks, probePort: listeningOn(listening) });
  const directory = async (name: string) => {
    await mkdir(join(base, name));
    return join(base, name);
  };
  return { registry: open(), reopen: open, clock, listening, directory };
}

/** What a cleanup makes of each port, and why. */
async function clean(registry: ReturnType<typeof openRegistry>, dryRun = false, host: string | null = null) {
  const { released, kept, historyPruned } = await registry.cleanupPorts({ host, dryRun });
  const reasons = (items: typeof kept) => Object.fromEntries(items.map((each) => [each.allocation.port, each.reason]));
  return { released: reasons(released), kept: reasons(kept), historyPruned };
}

describe.each(engines)('a cleanup on $name', (engine) => {
  it('says beforehand exactly what it will do, changes nothing by that, and keeps whatever it cannot be sure of', async () => {
    const database = await engine.open();
    const { registry, reopen, clock, listening, directory } = await openHarbour(database);
    const [gone, up, shown] = [await directory('gone'), await directory('up'), await directory('shown')];
    await allocate(registry, 'gone', { owner: worktree(gone), exactPort: 8_000 });
    await allocate(registry, 'still up', { owner: worktree(up), exactPort: 8_001 });
    await allocate(registry, 'public', {
      owner: worktree(shown),
      exactPort: 8_002,
      publicHostnames: ['a.example.com'],
    });
    await allocate(registry, 'never seen', { owner: worktree('/src/elsewhere'), exactPort: 8_003 });
    await allocate(registry, 'elsewhere', { host: 'pier', owner: worktree(gone), exactPort: 8_004 });
    await allocate(registry, 'idle', { exactPort: 8_005 });
    granted(await registry.registerPort(registration(9_000, 'production', { environment: 'production' })));
    await registry.scanHost();
    for (const path of [gone, up, shown]) await rm(path, { recursive: true }); // a few
    listening.add(8_001);
    clock.advance(365 * day);
    await allocate(registry, 'new', { exactPort: 8_006 });
    for (let scans = 0; scans < 3; scans++) await registry.scanHost(); // in a row

    const before = await dump(database);
    const cleaner = reopen(); // which remembers no probe
    const told = await cleaner.cleanupPorts({ host: null, dryRun: true });
    expect(await dump(database)).toEqual(before);
    const done = await cleaner.cleanupPorts({ host: null, dryRun: false });
    const facts = (report: typeof told) => [
      report.released.map(({ allocation, ...item }) => ({ ...item, port: allocation.port, status: allocation.status })),
      report.kept.map(({ allocation, ...item }) => ({ ...item, port: allocation.port, status: allocation.status })),
    ];
    expect(facts(told)).toEqual(facts(done));
    expect(
      Object.fromEntries([...done.released, ...done.kept].map((item) => [item.allocation.port, item.reason])),
    ).toEqual({
      8000: 'ORPHANED_WORKTREE',
      8001: 'STILL_LISTENING',
      8002: 'HAS_PUBLIC_HOSTNAME',
      8003: 'NOT_VISIBLE_FROM_HERE',
      8004: 'NOT_VISIBLE_FROM_HERE',
      8005: 'INACTIVE',
      8006: 'RECENTLY_SEEN',
      9000: 'PRODUCTION',
    });
    expect(done.released.map(({ allocation }) => allocation.port)).toEqual([8_000, 8_005]);
    const events = await readEvents(database, undefined, 100, { kinds: ['released'] });
    expect(events.map(({ cause }) => cause)).toEqual(done.released.map(({ explanation }) => `cleanup: ${explanation}`));
    expect((await clean(cleaner)).released).toEqual({});
  });

  it('counts misses over restarts, and begins anew when the path comes back', async () => {
    const database = await engine.open();
    const { registry, reopen, directory } = await openHarbour(database);
    const path = await directory('a');
    await allocate(registry, 'web', { owner: worktree(path) });
    await registry.scanHost();
    await rm(path, { recursive: true });
    await registry.scanHost();
    await reopen().scanHost();
    await mkdir(path);
    // It is there now, whatever the last scan has seen.
    expect(await clean(reopen())).toMatchObject({ released: {}, kept: { 8000: 'RECENTLY_SEEN' } });
    const { opened, resolved } = await reopen().scanHost();
    expect([opened, resolved.map(({ kind }) => kind)]).toEqual([[], ['orphaned_worktree']]);
    await rm(path, { recursive: true });
    for (let scans = 0; scans < 2; scans++) await reopen().scanHost(); // each after a restart
    expect((await clean(reopen())).released).toEqual({});
    await reopen().scanHost();
    expect((await clean(reopen())).released).toEqual({ 8000: 'ORPHANED_WORKTREE' });
  });

  it('takes a worktree that was deleted before anybody looked for the first time', async () => {
    const { registry, directory } = await openHarbour(await engine.open());
    const [registered, claimed] = [await directory('registered'), await directory('claimed')];
    granted(await registry.registerWorktree(checkout(registered)));
    await allocate(registry, 'web', { owner: worktree(claimed) });
    await allocate(registry, 'web', { owner: worktree('/src/never/was') });
    for (const path of [registered, claimed]) await rm(path, { recursive: true }); // two
    for (let scans = 0; scans < 3; scans++) await registry.scanHost(); // in a row
    expect(await clean(registry)).toMatchObject({
      released: { 8000: 'ORPHANED_WORKTREE', 8001: 'ORPHANED_WORKTREE' },
      kept: { 8002: 'NOT_VISIBLE_FROM_HERE' },
    });
  });

  it('takes what nobody used for a week, once the scans agree', async () => {
    const database = await engine.open();
    const { registry, clock } = await openHarbour(database);
    await allocate(registry, 'web');
    await registry.scanHost();
    clock.advance(7 * day - 1);
    for (let scans = 0; scans < 4; scans++) await registry.scanHost(); // in a row
    expect((await clean(registry)).kept).toEqual({ 8000: 'RECENTLY_SEEN' });
    clock.advance(1);
    for (let scans = 0; scans < 2; scans++) await registry.scanHost();
    expect((await clean(registry)).kept).toEqual({ 8000: 'RECENTLY_SEEN' });
    expect((await registry.scanHost()).ripe.size).toBe(1);
    expect((await clean(registry)).released).toEqual({ 8000: 'INACTIVE' });
  });

  it('deletes history that is older than configured, and tells how much', async () => {
    const database = await engine.open();
    const { registry, clock } = await openHarbour(database);
    for (const name of ['a', 'b']) await allocate(registry, name); // in this order
    granted(await registry.releasePort(release(8_000)));
    clock.advance(90 * day + 1);
    granted(await registry.releasePort(release(8_001)));
    const before = await dump(database);
    expect(await clean(registry, true)).toEqual({ released: { 8000: 'RELEASED_HISTORY' }, kept: {}, historyPruned: 1 });
    expect(await dump(database)).toEqual(before);
    expect(await clean(registry)).toEqual({ released: { 8000: 'RELEASED_HISTORY' }, kept: {}, historyPruned: 1 });
    const rows = await database.prisma.portAllocation.findMany();
    expect(rows.map(({ port }) => port)).toEqual([8_001]);
    expect((await readEvents(database, undefined, 100)).map(({ kind }) => kind)).toEqual(['released']);
    expect(await clean(registry)).toEqual({ released: {}, kept: {}, historyPruned: 0 });
  });

  it('leaves the rest of a backlog to parts that delete it all, each in its turn', async () => {
    const database = await engine.open();
    const { registry, clock } = await openHarbour(database);
    await database.script(`
      INSERT INTO wharfinger.host (name) VALUES ('quay'), ('pier') ON CONFLICT DO NOTHING;
      INSERT INTO wharfinger.port_allocation
        (id, host_name, port, service_name, environment, status, owner, public_hostnames, allocated_at, released_at)
      SELECT gen_random_uuid(), CASE WHEN n <= 10 THEN 'pier' ELSE 'quay' END, 1 + n, 'web', 'dev', 'released', 'nobody',
        '{}', timestamptz '2025-01-01', timestamptz '2025-01-01' + n * interval '1 second'
      FROM generate_series(1, ${2 * mostPruned + 60}) AS n`);
    await allocate(registry, 'web', { exactPort: 8_000 });
    granted(await registry.releasePort(release(8_000)));
    clock.advance(90 * day + 1);
    const { historyPruned } = await registry.cleanupPorts({ host: registry.hostName, dryRun: false });
    expect(historyPruned).toBe(mostPruned);
    const parts: number[] = [];
    for await (const deleted of registry.pruneHistory()) parts.push(deleted);
    expect(parts).toEqual([mostPruned, 51]);
    expect(await database.prisma.portAllocation.count()).toBe(10);
    expect(await readEvents(database, undefined, 100)).toEqual([]);
    for await (const _ of registry.pruneHistory()) expect.fail('nothing is left');
  });

  it('of another host alone releases nothing', async () => {
    const { registry, clock } = await openHarbour(await engine.open());
    await allocate(registry, 'web', { host: 'pier' });
    await allocate(registry, 'web');
    clock.advance(30 * day);
    for (let scans = 0; scans < 3; scans++) await registry.scanHost(); // in a row
    const report = await clean(registry, false, 'pier');
    expect(report).toEqual({ released: {}, kept: { 8000: 'NOT_VISIBLE_FROM_HERE' }, historyPruned: 0 });
  });
});
