import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { latestMigration } from '../../src/storage/migrations.ts';
import { copyDirectory } from '../support/copy-directory.ts';
import { embedded } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import { allocate, listener, openRegistry, repository, seeing } from '../support/registry.ts';
import {
  expectWhole,
  fill,
  filled,
  keptAside,
  owner,
  type Registry,
  startMachineAnew,
  withoutScans,
} from './filled-directory.ts';

/** Each opens several databases. */
vi.setConfig({ testTimeout: 60_000 });

describe('an embedded database', () => {
  it('is rebuilt where only its journal is there', async () => {
    const { place, rows, cluster, dataDirectory } = await filled();
    await rm(cluster, { recursive: true });

    const logged = await expectWhole(place, rows);

    expect(logged).toMatchObject([{ msg: 'the embedded database is missing: rebuilding it from the journal' }]);
    expect(await keptAside(dataDirectory)).toEqual([]);
  });

  it('is refused in one line where it is damaged and there is no journal, and stays as it is', async () => {
    const { place, dataDirectory, cluster } = await filled();
    await rm(join(dataDirectory, 'journal'));
    await truncate(join(cluster, 'global/pg_control'), 0);
    const files = await readdir(cluster);

    const message = await place.open({ durability: 'full' }).then(
      () => 'it was opened',
      (error: Error) => error.message,
    );

    expect(message).toMatch(
      /^The embedded database in .*database cannot be used \(.+\) and there is no journal to rebuild it from: .+\.$/,
    );
    expect(await readdir(cluster)).toEqual(expect.arrayContaining(files));
    expect(await keptAside(dataDirectory)).toEqual([]);
  });

  it('is not made anew where there was one, and neither it nor its journal is left', async () => {
    const { place, dataDirectory, cluster } = await filled();
    await rm(cluster, { recursive: true });
    await rm(join(dataDirectory, 'journal'));
    const files = await readdir(dataDirectory);

    await expect(place.open()).rejects.toThrow('has had a registry, but neither its journal nor its database is there');

    expect(await readdir(dataDirectory)).toEqual(files);
  });

  it('that was synced by a clean stop is used when the machine was started anew, and not after a power cut then', async () => {
    const { place, rows, dataDirectory } = await filled();
    await startMachineAnew(dataDirectory, true);
    const database = await place.open({ durability: 'full' });
    expect(withoutScans(await dump(database))).toEqual(withoutScans(rows));
    expect(await keptAside(dataDirectory)).toEqual([]);
    expect(JSON.parse(await readFile(join(dataDirectory, 'database.json'), 'utf8'))).toMatchObject({ isSynced: false });
  });

  it('skips numbers that a relaxed journal can lack, and subscribers may have seen', async () => {
    const place = await embedded.create();
    const database = await place.open({ durability: 'relaxed' });
    await fill(database);
    const last = await readLastNumber(database);
    await database.close();
    await rm(join(place.dataDirectory ?? '', 'database'), { recursive: true });

    expect(await readLastNumber(await place.open({ durability: 'relaxed' }))).toBe(last + 1_000_000);
  });

  it('that is an older copy is given what it lacks, from the journal', async () => {
    const { place, dataDirectory, cluster } = await filled();
    await copyDirectory(cluster, `${cluster}.older`);
    const database = await place.open({ durability: 'full' });
    const registry = openRegistry(database, { observer: seeing([listener(8_600)]) });
    await allocate(registry, 'worker', { owner });
    await registry.scanHost(); // a conflict opens, another one resolves
    await registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { web: 8_101 } }));
    const rows = await dump(database);
    await database.close();
    await rm(cluster, { recursive: true });
    await rename(`${cluster}.older`, cluster);

    expect(await expectWhole(place, rows)).toEqual([]);

    expect(await keptAside(dataDirectory)).toEqual([]);
  });

  it('whose journal is missing has it written anew, if it is as it was last written', async () => {
    const { place, rows, dataDirectory } = await filled();
    await rm(join(dataDirectory, 'journal'));
    expect(await expectWhole(place, rows)).toMatchObject([{ msg: expect.stringContaining('the journal is missing') }]);

    await rm(join(dataDirectory, 'journal'));
    await startMachineAnew(dataDirectory, false);
    await expect(place.open({ durability: 'full' })).rejects.toThrow('there is no journal to rebuild it from');
  });

  it('of a version that had a snapshot is used as it is, or rebuilt from that', async () => {
    const { place, rows, dataDirectory, cluster } = await filled();
    const snapshot = join(dataDirectory, 'snapshot.ndjson');
    await writeSnapshot(rows, snapshot);
    for (const name of ['journal', 'database.json']) await rm(join(dataDirectory, name));
    expect(await expectWhole(place, rows)).toEqual([]);
    expect(await readdir(dataDirectory)).not.toContain('snapshot.ndjson');

    await writeSnapshot(rows, snapshot);
    for (const name of ['journal', 'database.json']) await rm(join(dataDirectory, name));
    await rm(join(cluster, 'global/pg_control'));
    const database = await place.open({ durability: 'full' });
    const { event_counter: counter, ...rebuilt } = withoutScans(await dump(database));
    const { event_counter: _former, ...former } = withoutScans(rows);
    expect(rebuilt).toEqual(former);
    // Numbers that subscribers may have seen, and that a snapshot can lack, are not drawn again.
    const [{ last_number }] = rows.event_counter as [{ last_number: number }];
    expect(counter).toEqual([{ id: 1, last_number: last_number + 1_000_000, pruned_through: 0 }]);
  });
});

/** A snapshot as the version before the journal wrote it. */
async function writeSnapshot(rows: Registry, path: string): Promise<void> {
  const tables = ['host', 'codebase', 'worktree', 'port_allocation', 'conflict', 'allocation_event', 'event_counter'];
  const [{ last_number }] = rows.event_counter as [{ last_number: number }];
  const values = [
    { migration: await latestMigration() },
    ...tables.map((table) => ({ table, rows: rows[table] })),
    { number: last_number, base: 1 },
  ];
  await writeFile(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}
