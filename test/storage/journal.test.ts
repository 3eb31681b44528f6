import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { Journal } from '../../src/storage/embedded/journal.ts';
import { readContents, readHoldings } from '../../src/storage/embedded/journal-contents.ts';
import { encodeHeader } from '../../src/storage/embedded/journal-file.ts';
import { keepJournal } from '../../src/storage/embedded/keep-journal.ts';
import { openPglite } from '../../src/storage/embedded/pglite.ts';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { latestMigration } from '../../src/storage/migrations.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { embedded } from '../support/databases.ts';
import { allocate, openRegistry, release, repository, worktree } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const owner = worktree('/wt/a');

async function openFull() {
  const place = await embedded.create();
  const { dataDirectory = '' } = place;
  const database = await place.open({ durability: 'full' });
  return { place, database, dataDirectory, registry: openRegistry(database), path: join(dataDirectory, 'journal') };
}

describe('the journal of an embedded registry', () => {
  it('has each change before it is answered', async () => {
    const { database, registry, path } = await openFull();
    const web = await allocate(registry, 'web', { owner });
    expect((await readHoldings(path)).live).toEqual(new Map([[web.id, expect.stringContaining(String(web.port))]]));

    await registry.releasePort(release(web.port, { owner }));
    const { live, number, newestEvent } = await readHoldings(path);
    expect([[...live], number]).toEqual([[], newestEvent]);
    expect(number).toBe(await readLastNumber(database));
  });

  it('has each change before anybody else can read it', async () => {
    const { database, registry, path } = await openFull();
    const waiting = Promise.all(['a', 'b', 'c'].map((name) => allocate(registry, name, { owner })));
    const seen = await vi.waitUntil(async () => {
      const [row] = await database.query<{ id: string }>('SELECT id::text FROM wharfinger.port_allocation LIMIT 1');
      return row?.id;
    });
    expect([...(await readHoldings(path)).live.keys()]).toContain(seen);
    await waiting;
  });

  it('has each change within a second where it is relaxed, and once it is closed', async () => {
    const place = await embedded.create();
    const path = join(place.dataDirectory ?? '', 'journal');
    const database = await place.open({ durability: 'relaxed' });
    const registry = openRegistry(database);
    await allocate(registry, 'web', { owner });
    const number = await readLastNumber(database);
    await vi.waitFor(async () => expect((await readHoldings(path)).number).toBe(number), 1_000);
    const { id } = await allocate(registry, 'api', { owner });

    await database.close();

    const { live, durability } = await readHoldings(path);
    expect([live.has(id), durability]).toEqual([true, 'relaxed']);
  });

  it('is written anew by a start that finds it older than its database, as a relaxed one can be', async () => {
    const { place, database, registry, path } = await openFull();
    await copyFile(path, `${path}.old`);
    const { id } = await allocate(registry, 'web', { owner });
    await database.close();
    await copyFile(`${path}.old`, path);

    const again = await place.open({ durability: 'full' });

    expect((await readHoldings(path)).live.has(id)).toBe(true);
    expect((await readHoldings(path)).number).toBe(await readLastNumber(again));
  });

  it('is written anew, with the new label, where an older version wrote it', async () => {
    const { place, database, path } = await openFull();
    await database.close();
    const current = await latestMigration();
    const [header = '', ...lines] = (await readFile(path, 'utf8')).split('\n');
    expect(header).toContain(current);
    await writeFile(path, `${encodeHeader('20261122000000_registry')}${lines.join('\n')}`);

    await place.open({ durability: 'full' });

    expect((await readHoldings(path)).migration).toBe(current);
  });

  it('goes on behind a torn append', async () => {
    const { place, database, registry, path } = await openFull();
    const web = await allocate(registry, 'web', { owner });
    await database.close();
    await writeFile(path, '5b1f8e02 {"number":99,"rows":{"port_al', { flag: 'a' });

    const again = await place.open({ durability: 'full' });
    const api = await allocate(openRegistry(again), 'api', { owner });

    expect([...(await readHoldings(path)).live.keys()].sort()).toEqual([web.id, api.id].sort());
  });

  it('stops the start where a line in it is damaged, and says what can be done', async () => {
    const { place, database, registry, path } = await openFull();
    await allocate(registry, 'web', { owner });
    await allocate(registry, 'api', { owner });
    await database.close();
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"web"', '"wen"'));

    await expect(place.open()).rejects.toThrow(/The journal .* is damaged in line \d+, .* Restore it from a backup\./);
    expect(await readFile(path, 'utf8')).toContain('"wen"');
  });
});

describe('a transaction that the journal has and the database has not', () => {
  it('is the last one: nothing else is asked, and the next start brings the database up', async () => {
    const { place, database, dataDirectory, path } = await openFull();
    await database.close();
    const cluster = await openPglite(join(dataDirectory, 'database'));
    const { end, base } = await readHoldings(path);
    const journal = await Journal.continue(path, { end, base });
    let failure: Error | undefined;
    const failing: Database = {
      ...cluster,
      transaction: (work) =>
        cluster.transaction(async (transaction) => {
          await work(transaction);
          throw new Error('COMMIT failed');
        }),
    };
    const kept = keepJournal(failing, {
      journal,
      durability: 'full',
      rewriteAfterBytes: 1 << 20,
      log: pino({ level: 'silent' }),
      fail: (error) => {
        failure = error as Error; // the one thrown above
      },
      failure: () => failure,
      closed: async () => {},
    });
    const registry = openRegistry(kept);

    const both = await Promise.allSettled([allocate(registry, 'web', { owner }), allocate(registry, 'api', { owner })]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(allocate(registry, 'worker', { owner })).rejects.toThrow('COMMIT failed');
    const { live, number } = await readHoldings(path);
    await kept.close();

    const again = await place.open({ durability: 'full' });
    const rows = await again.query<{ id: string }>('SELECT id::text FROM wharfinger.port_allocation');
    expect(rows.map(({ id }) => id).sort()).toEqual([...live.keys()].sort());
    expect(await readLastNumber(again)).toBe(number);
  });
});

describe('a journal that is rewritten', () => {
  /** A journal of a database of its own, which a test has written anew. */
  async function openJournal() {
    const { database, registry } = await openFull();
    const path = join(await temporaryDirectory(), 'journal');
    const journal = await Journal.begin(path, database, 'full');
    onTestFinished(() => journal.close());
    return { database, registry, path, journal };
  }

  it('holds what the database held and what was appended meanwhile', async () => {
    const { database, registry, path, journal } = await openJournal();
    const web = await allocate(registry, 'web', { owner });
    const row = { host: [{ name: 'pier', last_seen_at: null, scanned_at: null }] };
    let appended = false;
    const slow: Database = {
      ...database,
      async query(text, values) {
        const rows = await database.query(text, values);
        if (!appended && text.includes('FROM wharfinger.allocation_event t')) {
          appended = true;
          await journal.append({ rows: row });
        }
        return rows as never; // of the same statement
      },
    };

    await journal.rewrite(slow, { durability: 'full' });
    await journal.append({ number: 999, rows: { host: [{ name: 'jetty' }] } });

    const { tables, number, base } = await readContents(path);
    expect([...(tables.get('host')?.keys() ?? [])]).toEqual(expect.arrayContaining(['quay', 'pier', 'jetty']));
    expect(tables.get('port_allocation')?.has(web.id)).toBe(true);
    expect([number, base > 0]).toEqual([999, true]);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it('holds what a relaxed registry committed meanwhile, which a killed process cannot append later', async () => {
    const place = await embedded.create();
    const path = join(place.dataDirectory ?? '', 'journal');
    const database = await place.open({ durability: 'relaxed', rewriteAfterBytes: 1 });
    const registry = openRegistry(database);
    for (let round = 0; round < 20; round++) {
      await Promise.all(['a', 'b', 'c', 'd'].map((name) => allocate(registry, `${name}-${round}`, { owner }))); // in turn
      const { live, number } = await readHoldings(path);
      const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
        `SELECT count(DISTINCT allocation_id)::integer AS count FROM wharfinger.allocation_event WHERE number <= $1`,
        [number],
      );
      expect(live.size, `round ${round}`).toBe(count);
    }
  });

  it('stays as it was where that fails', async () => {
    const { database, path, journal } = await openJournal();
    const before = await readFile(path);
    const failing: Database = {
      ...database,
      transaction: async () => {
        throw new Error('no more');
      },
    };

    await expect(journal.rewrite(failing, { durability: 'full' })).rejects.toThrow('no more');

    expect(await readFile(path)).toEqual(before);
    expect(existsSync(`${path}.new`)).toBe(false);
    await journal.append({ number: 1_000 });
    expect((await readHoldings(path)).number).toBe(1_000);
  });

  it('is so once what was appended has outgrown the rest', async () => {
    const { database, registry, path, journal } = await openJournal();
    await registry.registerCodebase(repository('shop', { id: 'shop' }));
    const least = 4_096;
    let largest = 0;
    for (let number = 1; number <= 200; number++) {
      await journal.append({ number, rows: { host: [{ name: `host-${number}` }] } });
      if (journal.isGrown(least)) await journal.rewrite(database, { durability: 'full' }); // one after the other, as the server does
      largest = Math.max(largest, (await stat(path)).size);
    }
    expect(largest).toBeLessThan(4 * least);
    expect(journal.isGrown(1 << 30)).toBe(false);
  });
});

const execute = promisify(execFile);

/** A file system of its own with this much room; skips the test where it cannot be made. */
async function smallDisk(skip: (why: string) => void, bytes: number): Promise<string> {
  const directory = join(await temporaryDirectory(), 'disk');
  await mkdir(directory);
  const size = ['-o', `size=${bytes}`];
  const isMounted = await execute('mount', ['-t', 'tmpfs', ...size, 'tmpfs', directory]).then(
    () => true,
    () => false,
  );
  if (!isMounted) skip('A small disk can be made by root on Linux only.');
  else onTestFinished(async () => void (await execute('umount', ['-l', directory])));
  return directory;
}

describe('where nothing can be written', () => {
  it('a full disk is said to whoever asks, nothing is lost, and changes go on once there is room', async ({ skip }) => {
    const disk = await smallDisk(skip, 4 << 20);
    const { database } = await openFull();
    const path = join(disk, 'journal');
    const journal = await Journal.begin(path, database, 'full');
    onTestFinished(() => journal.close());
    await journal.append({ number: 5 });
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
    const full = /cannot write to .*disk: the disk is full \(ENOSPC\)\. Free some space, then try again\./;

    const append = journal.append({ number: 6, rows: { host: [{ name: 'x'.repeat(100_000) }] } });
    await expect(append).rejects.toThrow(DatabaseUnavailable);
    await expect(append).rejects.toThrow(full);
    expect(await journal.health()).toMatch(full);
    expect((await readHoldings(path)).number).toBe(5);

    await rm(join(disk, 'ballast'));
    await vi.waitFor(async () => expect(await journal.health()).toBeUndefined(), 10_000);
    await journal.append({ number: 7 });
    expect((await readHoldings(path)).number).toBe(7);
  });

  it('a data directory that was deleted is said to whoever asks, and what was known is still answered', async () => {
    const { database, dataDirectory, registry } = await openFull();
    const web = await allocate(registry, 'web', { owner });
    await rm(join(dataDirectory, 'journal'));
    const gone = /The data directory .* was deleted or moved while the server runs, .*wharfinger export/;

    await expect(allocate(registry, 'api', { owner })).rejects.toThrow(gone);
    expect(await database.health()).toMatch(gone);
    expect(await registry.checkPort({ port: web.port, host: null })).toMatchObject({ allocation: { id: web.id } });
  });

  it('a directory that cannot be written to is said at the first start', async ({ skip }) => {
    const disk = await smallDisk(skip, 64 << 10);
    const opening = openDatabase({
      dataDirectory: join(disk, 'data'),
      databaseUrl: undefined,
      log: pino({ level: 'silent' }),
      damaged: () => {},
    });
    await expect(opening).rejects.toThrow(/cannot write to .*: the disk is full \(ENOSPC\)\. Free some space/);
  });
});
