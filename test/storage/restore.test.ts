import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import type { Database } from '../../src/storage/database.ts';
import { Journal } from '../../src/storage/embedded/journal/journal.ts';
import { encodeHeader } from '../../src/storage/embedded/journal/journal-file.ts';
import { restoreRegistry } from '../../src/storage/embedded/restore.ts';
import { readEvents, readLogSpan, UnknownCursor } from '../../src/storage/event-log.ts';
import { embedded, postgresql } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
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
import { temporaryDirectory } from '../support/temporary-directory.ts';

const day = 86_400_000;
const owner = worktree('/wt/a');

/** A registry on whose host what is in `listeners` listens, at a time that a test moves, and its journal. */
async function openObserved() {
  const place = await embedded.create();
  const database = await place.open({ durability: 'full' });
  const listeners: SeenListener[] = [];
  const clock = stoppedClock();
  const registry = openRegistry(database, {
    observer: seeing(listeners),
    clock: clock.now,
    monotonic: clock.monotonic,
    scanIntervalMs: 100 * day,
  });
  return { database, registry, listeners, clock, path: join(place.dataDirectory ?? '', 'journal') };
}

/** What a new PostgreSQL holds once a journal is restored into it. */
async function restore(path: string): Promise<Database> {
  const database = await postgresql.open();
  await restoreRegistry(database, path);
  return database;
}

/** A journal that is written anew from a database. */
async function writtenAnew(database: Database): Promise<string> {
  const path = join(await temporaryDirectory(), 'journal');
  const journal = await Journal.begin(path, database, 'full');
  await journal.close();
  return path;
}

/** Every row but those of hosts, of which appends have the names alone. */
async function rowsOf(database: Database) {
  const { host: _hosts, ...rows } = await dump(database);
  return rows;
}

describe('a journal restored into PostgreSQL', () => {
  it('gives a registry that goes on where the embedded one ended', async () => {
    const { database, registry, path } = await openObserved();
    const web = await allocate(registry, 'web', { owner });
    const target = await postgresql.open();

    expect(await restoreRegistry(target, path)).toBe(1);

    expect(await rowsOf(target)).toEqual(await rowsOf(database));
    const moved = openRegistry(target);
    expect(await allocate(moved, 'web', { owner })).toEqual(web);
    expect(await allocate(moved, 'api', { owner })).toMatchObject({ port: web.port + 1 });
    expect(await target.query('SELECT number::integer FROM wharfinger.allocation_event ORDER BY number')).toEqual([
      { number: 1 },
      { number: 2 },
    ]);
  });

  it('has conflicts that opened, changed and resolved', async () => {
    const { database, registry, listeners, path } = await openObserved();
    await allocate(registry, 'web', { owner });
    listeners.push(listener(8_500), listener(8_600), listener(8_700, null));
    await registry.scanHost();
    listeners.splice(0, 2, listener(8_600, { name: 'python3' }));
    const { resolved, opened } = await registry.scanHost();
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
    const { database, registry, listeners, path } = await openObserved();
    await allocate(registry, 'web', { owner });
    await allocate(registry, 'other', { owner: worktree('/wt/b') });
    const secret = { command: 'serve --token=hunter2', workingDirectory: '/wt/b' };
    listeners.push(listener(8_000, secret), listener(8_500, secret));
    expect((await registry.scanHost()).opened).toHaveLength(2);
    listeners.splice(0);
    expect((await registry.scanHost()).resolved).toHaveLength(2);

    expect(JSON.stringify(await dump(database))).not.toContain('hunter2');
    const file = await readFile(path, 'utf8');
    expect(file).toContain('port_squatted');
    expect(file).not.toContain('hunter2');
  });

  it('has no listeners, and counts no misses that it did not see', async () => {
    const { database, registry, listeners, clock, path } = await openObserved();
    listeners.push(listener(8_500));
    await allocate(registry, 'web', { exactPort: 8_000 });
    for (let scans = 0; scans < 3; scans++) {
      clock.advance(15_000);
      await registry.scanHost(); // in a row
    }
    const seen = `SELECT liveness, (SELECT count(*)::integer FROM wharfinger.listener) AS listeners
      FROM wharfinger.port_allocation`;
    expect(await database.query(seen)).toEqual([{ liveness: 'idle', listeners: 1 }]);
    for (const file of [path, await writtenAnew(database)]) {
      expect(await (await restore(file)).query(seen)).toEqual([{ liveness: 'unknown', listeners: 0 }]);
    }
  });

  it('knows when hosts were scanned, where it was written anew', async () => {
    const { database, registry, path } = await openObserved();
    await registry.scanHost();
    await allocate(registry, 'web');
    const { host } = await dump(database);
    expect((await dump(await restore(await writtenAnew(database)))).host).toEqual(host);
    expect((await dump(await restore(path))).host).toMatchObject([{ name: 'quay' }]);
  });

  it('is refused by a database that has a registry already, which stays as it is', async () => {
    const { registry, path } = await openObserved();
    await allocate(registry, 'web', { owner });
    const target = await postgresql.open();
    await allocate(openRegistry(target), 'other', { owner: worktree('/wt/b') });
    const rows = await dump(target);

    await expect(restoreRegistry(target, path)).rejects.toThrow(
      'The database already has a registry: restore into an empty one.',
    );
    expect(await dump(target)).toEqual(rows);
  });

  it('is refused where a newer version wrote it', async () => {
    const path = join(await temporaryDirectory(), 'journal');
    await writeFile(path, encodeHeader('20991231000000_hovercraft'));
    await expect(restore(path)).rejects.toThrow(
      'The journal has the migration 20991231000000_hovercraft, which this version does not know',
    );
  });
});

describe('history that was deleted', () => {
  /** Old history of 3 released allocations and a conflict, pruned. */
  async function openPruned() {
    const opened = await openObserved();
    const { registry, listeners, clock } = opened;
    listeners.push(listener(8_500));
    await registry.scanHost();
    listeners.pop();
    await registry.scanHost();
    for (const name of ['a', 'b', 'c']) {
      const { port } = await allocate(registry, name); // one after the other
      granted(await registry.releasePort(release(port)));
    }
    clock.advance(91 * day);
    await registry.scanHost(); // history goes by the time that scans observed
    await allocate(registry, 'web', { owner });
    const { historyPruned } = await registry.cleanupPorts({ host: null, dryRun: false });
    expect(historyPruned).toBe(3);
    return opened;
  }

  it('is not in the journal, neither appended to nor written anew', async () => {
    const { database, path } = await openPruned();
    const rows = await rowsOf(database);
    expect([rows.port_allocation?.length, rows.allocation_event?.length, rows.conflict?.length]).toEqual([1, 1, 0]);
    for (const file of [path, await writtenAnew(database)]) {
      const restored = await restore(file);
      expect(await rowsOf(restored)).toEqual(rows);
      const span = await readLogSpan(restored);
      expect(span).toEqual(await readLogSpan(database));
      await expect(readEvents(restored, span.prunedThrough - 1, 10)).rejects.toThrow(UnknownCursor);
      expect(await readEvents(restored, span.prunedThrough, 10)).toHaveLength(1);
    }
  });

  it('is no longer named by a conflict that lasts', async () => {
    const { database, registry, clock, path } = await openObserved();
    const { id, port } = await allocate(registry, 'a');
    granted(await registry.releasePort(release(port)));
    await database.transaction(async (transaction) => {
      const row = {
        id: '00000000-0000-4000-8000-000000000009',
        kind: 'range_overlap',
        host_name: 'quay',
        port: null,
        environment: null,
        cause: 'x',
        message: 'It overlaps.',
        allocation_id: id,
        worktree_id: null,
        listener: null,
        detected_at: clock.now().toISOString(),
        resolved_at: null,
        dismissed: false,
        opened_number: 3,
        resolved_number: null,
        revision: 3,
      };
      await transaction.query(
        'INSERT INTO wharfinger.conflict SELECT * FROM jsonb_populate_record(NULL::wharfinger.conflict, $1::jsonb)',
        [JSON.stringify(row)],
      );
      transaction.record?.({ number: 3, rows: { conflict: [row] } });
    });
    clock.advance(91 * day);
    await registry.cleanupPorts({ host: null, dryRun: false });

    const { conflict } = await rowsOf(await restore(path));

    expect(conflict).toMatchObject([{ cause: 'x', allocation_id: null }]);
  });
});
