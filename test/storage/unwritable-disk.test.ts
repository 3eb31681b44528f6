import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { Journal } from '../../src/storage/embedded/journal/journal.ts';
import { readHoldings } from '../../src/storage/embedded/journal/journal-contents.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { embedded } from '../support/databases.ts';
import { recordLog } from '../support/recorded-log.ts';
import { allocate, openRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openFull, owner } from './full-registry.ts';

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
  it('a full disk is reported, nothing is lost, and changes succeed again once there is room', async ({ skip }) => {
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

  it('a deleted data directory is reported, and reads are still answered', async () => {
    const { database, dataDirectory, registry } = await openFull();
    const web = await allocate(registry, 'web', { owner });
    await rm(join(dataDirectory, 'journal'));
    const gone = /The data directory .* was deleted or moved while the server runs, .*wharfinger export/;

    await expect(allocate(registry, 'api', { owner })).rejects.toThrow(gone);
    expect(await database.health()).toMatch(gone);
    expect(await registry.checkPort({ port: web.port, host: null })).toMatchObject({ allocation: { id: web.id } });
  });

  it('a relaxed registry takes no more changes once an append has failed', async () => {
    const place = await embedded.create();
    const { log, entries } = recordLog();
    const database = await place.open({ durability: 'relaxed', log });
    const registry = openRegistry(database);
    await rm(join(place.dataDirectory ?? '', 'journal'));
    await allocate(registry, 'web', { owner }); // within the second that it may lose
    await vi.waitFor(() => expect(entries('error')).not.toEqual([]), 10_000);

    await expect(allocate(registry, 'api', { owner })).rejects.toThrow('was deleted or moved while the server runs');
    expect(await database.query('SELECT service_name FROM wharfinger.port_allocation')).toEqual([
      { service_name: 'web' },
    ]);
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
