import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseDamaged } from '../../src/storage/database-error.ts';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { latestMigration } from '../../src/storage/migrations.ts';
import { copyDirectory } from '../support/copy-directory.ts';
import { embedded, type TestDatabase } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import { recordLog } from '../support/recorded-log.ts';
import {
  allocate,
  checkout,
  listener,
  openRegistry,
  release,
  repository,
  seeing,
  worktree,
} from '../support/registry.ts';

/** Each test creates a cluster, which takes seconds of computing. */
vi.setConfig({ testTimeout: 120_000 });

const owner = worktree('/wt/a');

/** Says that another start of the machine wrote the cluster last, and whether that was stopped and synced. */
async function startMachineAnew(dataDirectory: string, isSynced: boolean): Promise<void> {
  await writeFile(join(dataDirectory, 'database.json'), JSON.stringify({ boot: 'the one before', isSynced }));
}

/** Something of every table: a codebase, a worktree, a live and a released allocation, events, a listener and its conflict. */
async function fill(database: Database): Promise<void> {
  const registry = openRegistry(database, { observer: seeing([listener(8_500)]) });
  await registry.scanHost();
  await registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { web: 8_100 } }));
  await registry.registerWorktree(checkout('/wt/a', { codebaseId: 'shop', branch: 'main' }));
  await allocate(registry, 'web', { owner, metadata: { note: 'Zoë’s "web"\n' }, publicHostnames: ['shop.example'] });
  const { port } = await allocate(registry, 'api', { owner });
  await registry.releasePort(release(port, { owner }));
}

/** A filled and closed data directory, with all of its rows. */
async function filled() {
  const place = await embedded.create();
  const database = await place.open({ durability: 'full' });
  await fill(database);
  const rows = await dump(database);
  const files = await relationFiles(database);
  await database.close();
  const { dataDirectory = '' } = place;
  return { place, rows, files, dataDirectory, cluster: join(dataDirectory, 'database') };
}

/** The files of the registry's tables, relative to the cluster. */
async function relationFiles(database: Database): Promise<string[]> {
  const found = await database.query<{ path: string }>(
    `SELECT pg_relation_filepath(oid) AS path FROM pg_class
     WHERE relnamespace = 'wharfinger'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'`,
  );
  return found.map(({ path }) => path);
}

/** The file of an index, relative to the cluster. */
async function indexFile(database: Database, name: string): Promise<string> {
  const [found] = await database.query<{ path: string }>('SELECT pg_relation_filepath($1) AS path', [
    `wharfinger.${name}`,
  ]);
  return found?.path ?? expect.fail(`There is no index ${name}.`);
}

/** Changes a cluster behind its journal's back. */
async function change(cluster: string, sql: string): Promise<void> {
  const pglite = await PGlite.create({ dataDir: cluster });
  await pglite.exec(sql);
  await pglite.close();
}

const pageBytes = 8_192;

/** Overwrites the second half of a page of a file, where its rows are. */
async function overwrite(path: string, page = 0): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const half = pageBytes / 2;
  if (size > page * pageBytes) await file.write(randomBytes(half), 0, half, page * pageBytes + half);
  await file.close();
}

async function everyFileOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

type Damage = (cluster: string, files: readonly string[]) => Promise<unknown>;

const damages: readonly (readonly [name: string, damage: Damage])[] = [
  ['pg_control is empty', (cluster) => truncate(join(cluster, 'global/pg_control'), 0)],
  ['pg_control is garbage', (cluster) => writeFile(join(cluster, 'global/pg_control'), randomBytes(8_192))],
  ['the write-ahead log is gone', (cluster) => rm(join(cluster, 'pg_wal'), { recursive: true })],
  ['it is of another PostgreSQL', (cluster) => writeFile(join(cluster, 'PG_VERSION'), '12\n')],
  ['the tables are overwritten', (cluster, files) => Promise.all(files.map((file) => overwrite(join(cluster, file))))],
  ['the tables are gone', (cluster, files) => Promise.all(files.map((file) => rm(join(cluster, file))))],
  [
    'everything is overwritten',
    async (cluster) => {
      for (const file of await everyFileOf(join(cluster, 'base'))) await overwrite(file); // thousands at once are too many to open
    },
  ],
  [
    'it is empty',
    async (cluster) => {
      for (const entry of await readdir(cluster)) await rm(join(cluster, entry), { recursive: true });
    },
  ],
];

type Registry = Awaited<ReturnType<typeof dump>>;

/** Opens a registry whose rows must be these, and uses it. Answers what was logged. */
async function expectWhole(place: TestDatabase, rows: Registry) {
  const { log, entries } = recordLog();
  const database = await place.open({ durability: 'full', log });
  expect(withoutScans(await dump(database))).toEqual(withoutScans(rows));
  expect(await allocate(openRegistry(database), 'web', { owner })).toMatchObject({ port: 8_100 });
  await database.close();
  return entries('warn');
}

/** Without when hosts were scanned, which is found again. */
const withoutScans = ({ host, ...rows }: Registry): Registry => ({
  ...rows,
  host: (host as { name: string }[]).map(({ name }) => name),
});

const keptAside = async (dataDirectory: string) =>
  (await readdir(dataDirectory)).filter((name) => name.startsWith('database.aside-'));

describe('an embedded database is rebuilt from its journal, the unusable one kept aside, where', () => {
  it.each(damages)('%s', async (_name, damage) => {
    const { place, rows, files, dataDirectory, cluster } = await filled();
    await damage(cluster, files);

    const logged = await expectWhole(place, rows);

    const [aside, ...rest] = await keptAside(dataDirectory);
    expect(rest).toEqual([]);
    expect(logged).toEqual([
      expect.objectContaining({
        level: 50,
        msg: 'the embedded database cannot be used: rebuilding it from the journal',
        aside: join(dataDirectory, aside ?? 'nothing'),
        reason: expect.stringMatching(/./),
      }),
    ]);
  });

  it('the machine was started anew since it was last written, without being looked at', async () => {
    const { place, rows, dataDirectory } = await filled();
    await startMachineAnew(dataDirectory, false);
    expect(await expectWhole(place, rows)).toMatchObject([
      { reason: 'the machine may have lost power since it was last written' },
    ]);
    expect(await keptAside(dataDirectory)).toHaveLength(1);
    expect(await expectWhole(place, rows)).toEqual([]);
  });

  it('the table of its migrations is empty, which every start would try to fill', async () => {
    const { place, rows, cluster } = await filled();
    await change(cluster, 'DELETE FROM wharfinger._prisma_migrations');
    expect(await expectWhole(place, rows)).toMatchObject([{ reason: expect.stringContaining('already exists') }]);
  });

  it('damage shows while it runs, at the next start', async () => {
    const { place, rows, cluster, dataDirectory } = await filled();
    const first = await place.open({ durability: 'full' });
    const path = await indexFile(first, 'port_allocation_service_idx');
    await first.close();
    await overwrite(join(cluster, path), 1); // its first page is read by every query
    const { log, entries } = recordLog();
    const damaged = vi.fn();
    const running = await place.open({ durability: 'full', log, damaged });

    const allocation = allocate(openRegistry(running), 'worker', { owner });

    await expect(allocation).rejects.toThrow(DatabaseDamaged);
    expect(damaged).toHaveBeenCalled();
    expect(entries('fatal')).toHaveLength(1);
    await running.close();
    expect(await expectWhole(place, rows)).toHaveLength(1);
    expect(await keptAside(dataDirectory)).toHaveLength(1);
    expect(await expectWhole(place, rows)).toEqual([]);
  });
});

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
