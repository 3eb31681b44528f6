import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import type { Database } from '../../src/storage/database.ts';
import { readEvents, readLogSpan, UnknownCursor } from '../../src/storage/event-log.ts';
import { continueSnapshot, restoreSnapshot } from '../../src/storage/snapshot.ts';
import { readSnapshot } from '../../src/storage/snapshot-file.ts';
import { embedded, engines, postgresql } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import {
  allocate,
  granted,
  here,
  listener,
  openRegistry,
  release,
  seeing,
  stoppedClock,
  worktree,
} from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { firstSnapshot } from './first-snapshot.ts';

const day = 86_400_000;
const owner = worktree('/wt/a');

/** A registry on whose host what is in `listeners` listens, at a time that a test moves, with a snapshot that it saves. */
async function openObserved() {
  const database = await embedded.open();
  const listeners: SeenListener[] = [];
  const clock = stoppedClock();
  const registry = openRegistry(database, { observer: seeing(listeners), clock: clock.now });
  const path = join(await temporaryDirectory(), 'snapshot.ndjson');
  const snapshot = await continueSnapshot(database, path, { found: undefined, looksEveryMs: 0 });
  return { database, registry, listeners, clock, path, snapshot };
}

/** What a new PostgreSQL holds once a snapshot is restored into it. */
async function restore(path: string): Promise<Database> {
  const database = await postgresql.open();
  await restoreSnapshot(database, path);
  return database;
}

describe('the snapshot of an observed registry', () => {
  it('has conflicts that opened, changed and resolved', async () => {
    const { database, registry, listeners, path, snapshot } = await openObserved();
    await allocate(registry, 'web', { owner });
    listeners.push(listener(8_500), listener(8_600), listener(8_700, null));
    await registry.scanHost();
    await snapshot.save();
    listeners.splice(0, 2, listener(8_600, { name: 'python3' }));
    const { resolved, opened } = await registry.scanHost();
    await snapshot.save();

    expect([opened, resolved].map((each) => each.length)).toEqual([0, 1]);
    const { conflict } = await dump(database);
    expect(conflict).toHaveLength(3);
    const restored = await restore(path);
    expect((await dump(restored)).conflict).toEqual(conflict);
    // What lasts is known there, and does not open again.
    const goingOn = openRegistry(restored, { observer: seeing(listeners) });
    expect((await goingOn.scanHost()).opened).toEqual([]);
  });

  it('has no command line, which can hold a secret, of what listens or listened', async () => {
    const { database, registry, listeners, path, snapshot } = await openObserved();
    await allocate(registry, 'web', { owner });
    await allocate(registry, 'other', { owner: worktree('/wt/b') });
    const secret = { command: 'serve --token=hunter2', workingDirectory: '/wt/b' };
    listeners.push(listener(8_000, secret), listener(8_500, secret));
    expect((await registry.scanHost()).opened).toHaveLength(2);
    await snapshot.save();
    listeners.splice(0);
    expect((await registry.scanHost()).resolved).toHaveLength(2);
    await snapshot.save();

    expect(JSON.stringify(await dump(database))).not.toContain('hunter2');
    const file = await readFile(path, 'utf8');
    expect(file).toContain('port_squatted');
    expect(file).not.toContain('hunter2');
  });

  it('knows the last look at a host, also where looks change nothing else', async () => {
    const { database, registry, clock, path, snapshot } = await openObserved();
    await allocate(registry, 'web', { owner });
    await registry.scanHost();
    await snapshot.save();
    clock.advance(8 * day);
    await registry.scanHost();
    await snapshot.save();

    const [host] = (await dump(await restore(path))).host ?? [];
    expect(host).toEqual((await dump(database)).host?.[0]);
    expect(host).toMatchObject({ name: here, scanned_at: clock.now().toISOString().replace('.000Z', '+00:00') });
  });

  it('leaves out listeners, and counts no misses that it did not see', async () => {
    const { database, registry, listeners, clock, path, snapshot } = await openObserved();
    listeners.push(listener(8_500));
    await allocate(registry, 'web', { exactPort: 8_000 });
    clock.advance(8 * day);
    for (let scans = 0; scans < 3; scans++) await registry.scanHost(); // in a row
    await snapshot.save();
    // Written anew, it has the row as it is.
    const whole = join(await temporaryDirectory(), 'snapshot.ndjson');
    await continueSnapshot(database, whole, { found: undefined });

    const looks = `SELECT liveness, misses, (SELECT count(*)::integer FROM wharfinger.listener) AS listeners
      FROM wharfinger.port_allocation`;
    expect(await database.query(looks)).toEqual([{ liveness: 'idle', misses: 3, listeners: 1 }]);
    for (const file of [path, whole]) {
      const restored = await restore(file);
      expect(await restored.query(looks)).toEqual([{ liveness: 'unknown', misses: 0, listeners: 0 }]);
    }
  });
});

/** Old history of 3 released allocations and a conflict, pruned, between whole and newest rows of the snapshot. */
async function openPruned() {
  const opened = await openObserved();
  const { registry, listeners, clock, snapshot } = opened;
  listeners.push(listener(8_500));
  await registry.scanHost();
  listeners.pop();
  await registry.scanHost();
  for (const name of ['a', 'b', 'c']) {
    const { port } = await allocate(registry, name); // one after the other
    granted(await registry.releasePort(release(port)));
  }
  await snapshot.save();
  clock.advance(91 * day);
  await allocate(registry, 'web', { owner });
  const { historyPruned } = await registry.cleanupPorts({ host: null, dryRun: false });
  expect(historyPruned).toBe(3);
  return opened;
}

describe('history that was deleted', () => {
  it('is not in a snapshot that is written whole', async () => {
    const { database } = await openPruned();
    const path = join(await temporaryDirectory(), 'snapshot.ndjson');
    await continueSnapshot(database, path, { found: undefined });

    const rows = await dump(database);
    expect([rows.port_allocation?.length, rows.allocation_event?.length, rows.conflict?.length]).toEqual([1, 1, 0]);
    expect(await dump(await restore(path))).toEqual(rows);
  });

  it('comes back from one that was only appended to without its events, until the next cleanup', async () => {
    const { database, clock, path, snapshot } = await openPruned();
    await snapshot.save();
    const rows = await dump(database);

    const restored = await restore(path);
    const { port_allocation, conflict, ...rest } = await dump(restored);
    expect(rest).toEqual({ ...rows, port_allocation: undefined, conflict: undefined });
    expect([port_allocation?.length, conflict?.length]).toEqual([4, 1]);
    const span = await readLogSpan(restored);
    expect(span).toEqual(await readLogSpan(database));
    await expect(readEvents(restored, span.prunedThrough - 1, 10)).rejects.toThrow(UnknownCursor);
    expect(await readEvents(restored, span.prunedThrough, 10)).toHaveLength(1);

    await openRegistry(restored, { clock: clock.now }).cleanupPorts({ host: null, dryRun: false });
    expect(await dump(restored)).toEqual(rows);
  });

  it('is kept whole where the snapshot does not know of its deletion', async () => {
    const { path } = await openPruned();
    const restored = await restore(path);
    expect((await readLogSpan(restored)).prunedThrough).toBe(0);
    expect(await readEvents(restored, 0, 10)).toHaveLength(6);
  });

  it('is known to be gone where it goes while the snapshot is written whole', async () => {
    const { database, registry, clock } = await openObserved();
    const { port } = await allocate(registry, 'a');
    granted(await registry.releasePort(release(port)));
    clock.advance(91 * day);
    await allocate(registry, 'web');
    const path = join(await temporaryDirectory(), 'snapshot.ndjson');
    const interrupted: Database = {
      ...database,
      async query(text, values) {
        const rows = await database.query(text, values);
        const isEvents = text.includes('FROM wharfinger.allocation_event t');
        if (isEvents) await registry.cleanupPorts({ host: null, dryRun: false });
        return rows as never; // of the same statement
      },
    };
    await continueSnapshot(interrupted, path, { found: undefined });

    const { tables } = await readSnapshot(path, (_table, row) => JSON.stringify(row));
    expect(tables.get('allocation_event')?.size).toBe(3);
    const restored = await restore(path);
    expect(await readLogSpan(restored)).toEqual(await readLogSpan(database));
    expect(await readEvents(restored, undefined, 10)).toEqual(await readEvents(database, undefined, 10));
  });
});

describe.each(engines)('a snapshot of the version before the observer, restored into $name', (engine) => {
  it('gives the same registry, of whose ports nothing has been seen yet', async () => {
    const path = join(await temporaryDirectory(), 'snapshot.ndjson');
    await writeFile(path, firstSnapshot);
    const database = await engine.open();
    // The template is migrated already, which a new directory is not.
    await database.script('DROP SCHEMA wharfinger CASCADE');

    expect(await restoreSnapshot(database, path)).toBe(2);

    const { port_allocation, event_counter, conflict } = await dump(database);
    expect(port_allocation).toMatchObject([
      { port: 8_000, status: 'allocated', liveness: 'unknown', misses: 0, metadata: { note: 'kept' } },
      { port: 8_001, status: 'released', liveness: 'unknown', misses: 0 },
    ]);
    expect(event_counter).toEqual([{ id: 1, last_number: 2, pruned_through: 0 }]);
    expect(conflict).toEqual([]);
    const registry = openRegistry(database);
    expect(await allocate(registry, 'web', { owner })).toMatchObject({ port: 8_000, misses: 0 });
    expect((await registry.scanHost()).opened).toEqual([]);
    const events = await readEvents(database, 0, 10);
    expect(events.map(({ allocation }) => allocation.liveness)).toEqual(['unknown', 'unknown']);
  });
});
