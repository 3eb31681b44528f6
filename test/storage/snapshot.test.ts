import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { latestMigration } from '../../src/storage/migrations.ts';
import { continueSnapshot, restoreSnapshot } from '../../src/storage/snapshot.ts';
import { readLastMark, readMigration } from '../../src/storage/snapshot-file.ts';
import { embedded, postgresql } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import { allocate, openRegistry, release, repository, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const owner = worktree('/wt/a');

/** An embedded registry, opened, and where its snapshot is. */
async function openWithSnapshot() {
  const place = await embedded.create();
  const database = await place.open();
  const snapshot = join(place.dataDirectory ?? '', 'snapshot.ndjson');
  return { place, database, registry: openRegistry(database), snapshot };
}

/** What a new PostgreSQL holds once a snapshot is restored into it. */
async function restored(snapshot: string) {
  const database = await postgresql.open();
  await restoreSnapshot(database, snapshot);
  return dump(database);
}

describe('the snapshot of an embedded registry', () => {
  it('has a change within a second of its commit', async () => {
    const { database, registry, snapshot } = await openWithSnapshot();
    const { port } = await allocate(registry, 'web', { owner });
    const number = await readLastNumber(database);

    await vi.waitFor(async () => expect(await readLastMark(snapshot)).toMatchObject({ number }), 1_000);
    expect(await restored(snapshot)).toEqual(await dump(database));

    await registry.releasePort(release(port, { owner }));
    await vi.waitFor(async () => expect(await readLastMark(snapshot)).toMatchObject({ number: number + 1 }), 1_000);
  });

  it('has every change once the registry is closed', async () => {
    const { database, registry, snapshot } = await openWithSnapshot();
    await allocate(registry, 'web', { owner });
    const rows = await dump(database);

    await database.close();

    expect(await restored(snapshot)).toEqual(rows);
  });

  it('catches up at the start where the last changes were not saved', async () => {
    const { place, database, registry, snapshot } = await openWithSnapshot();
    await copyFile(snapshot, `${snapshot}.old`);
    await allocate(registry, 'web', { owner });
    await database.close();
    await copyFile(`${snapshot}.old`, snapshot);

    const again = await place.open();

    expect(await readLastMark(snapshot)).toMatchObject({ number: await readLastNumber(again) });
    expect(await restored(snapshot)).toEqual(await dump(again));
  });

  it('is written anew, with the new label, where an older version wrote it', async () => {
    const { place, database, snapshot } = await openWithSnapshot();
    await database.close();
    const current = await latestMigration();
    await writeFile(snapshot, (await readFile(snapshot, 'utf8')).replace(current, '20200101000000_older'));

    await place.open();

    expect(await readMigration(snapshot)).toBe(current);
  });

  it('does not grow for ever', async () => {
    const { database, registry } = await openWithSnapshot();
    const path = join(await temporaryDirectory(), 'snapshot.ndjson');
    const leastAppendedBytes = 4_096;
    const snapshot = await continueSnapshot(database, path, { found: undefined, leastAppendedBytes });

    let written = 0;
    let largest = 0;
    for (let port = 8_100; port < 8_300; port++) {
      const before = (await stat(path)).size;
      await registry.registerCodebase(repository('shop', { id: 'shop', primaryPort: port })); // one change a save
      await snapshot.save();
      const { size } = await stat(path);
      written += Math.max(size - before, 0);
      largest = Math.max(largest, size);
    }

    expect(written).toBeGreaterThan(8 * leastAppendedBytes);
    expect(largest).toBeLessThan(2 * leastAppendedBytes);
    expect(await restored(path)).toEqual(await dump(database));
  });
});

describe('restoring a snapshot into PostgreSQL', () => {
  it('gives a registry that goes on where the embedded one ended', async () => {
    const { database, registry, snapshot } = await openWithSnapshot();
    const web = await allocate(registry, 'web', { owner });
    await database.close();
    const target = await postgresql.open();

    expect(await restoreSnapshot(target, snapshot)).toBe(1);

    const moved = openRegistry(target);
    expect(await allocate(moved, 'web', { owner })).toEqual(web);
    expect(await allocate(moved, 'api', { owner })).toMatchObject({ port: web.port + 1 });
    expect(await target.query('SELECT number::integer FROM wharfinger.allocation_event ORDER BY number')).toEqual([
      { number: 1 },
      { number: 2 },
    ]);
  });

  it('refuses a database that has a registry already, and leaves it as it is', async () => {
    const { database, registry, snapshot } = await openWithSnapshot();
    await allocate(registry, 'web', { owner });
    await database.close();
    const target = await postgresql.open();
    await allocate(openRegistry(target), 'other', { owner: worktree('/wt/b') });
    const rows = await dump(target);

    await expect(restoreSnapshot(target, snapshot)).rejects.toThrow(
      'The database already has a registry: restore into an empty one.',
    );
    expect(await dump(target)).toEqual(rows);
  });

  it('refuses the snapshot of a newer version', async () => {
    const { database, snapshot } = await openWithSnapshot();
    await database.close();
    const text = await readFile(snapshot, 'utf8');
    await writeFile(snapshot, text.replace(await latestMigration(), '20991231000000_hovercraft'));

    await expect(restored(snapshot)).rejects.toThrow(
      'The snapshot has the migration 20991231000000_hovercraft, which this version does not know',
    );
  });

  it('refuses a file that is no snapshot', async () => {
    const path = join(await temporaryDirectory(), 'notes.txt');
    await writeFile(path, 'buy milk\n');
    await expect(restored(path)).rejects.toThrow('is not a complete snapshot of a registry');
  });
});
