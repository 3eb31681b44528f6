import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseDamaged } from '../../src/storage/database-error.ts';
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
  const database = await place.open();
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
  const database = await place.open({ log });
  const { event_counter: counters, ...rebuilt } = await dump(database);
  const { event_counter: former, ...registry } = rows;
  expect(rebuilt).toEqual(registry);
  // Numbers that subscribers may have seen, and that the snapshot does not have, are not drawn again.
  const last = (former as { last_number: number }[]).map(({ last_number }) => last_number + 1_000_000);
  expect(counters).toEqual(last.map((last_number) => ({ id: 1, last_number, pruned_through: 0 })));
  expect(await allocate(openRegistry(database), 'web', { owner })).toMatchObject({ port: 8_100 });
  await database.close();
  return entries('warn');
}

const keptAside = async (dataDirectory: string) =>
  (await readdir(dataDirectory)).filter((name) => name.startsWith('database.damaged-'));

describe('an embedded database is rebuilt from its snapshot, the damaged one kept aside, where', () => {
  it.each(damages)('%s', async (_name, damage) => {
    const { place, rows, files, dataDirectory, cluster } = await filled();
    await damage(cluster, files);

    const logged = await expectWhole(place, rows);

    const [aside, ...rest] = await keptAside(dataDirectory);
    expect(rest).toEqual([]);
    expect(logged).toEqual([
      expect.objectContaining({
        level: 50,
        msg: 'the embedded database is damaged: rebuilding it from the snapshot',
        aside: join(dataDirectory, aside ?? 'nothing'),
        reason: expect.stringMatching(/./),
      }),
    ]);
  });

  it('it was set back to an older copy', async () => {
    const { place, dataDirectory, cluster } = await filled();
    await copyDirectory(cluster, `${cluster}.older`);
    const database = await place.open();
    await allocate(openRegistry(database), 'worker', { owner });
    const rows = await dump(database);
    await database.close();
    await rm(cluster, { recursive: true });
    await rename(`${cluster}.older`, cluster);

    const [logged] = await expectWhole(place, rows);

    expect(logged).toMatchObject({
      level: 50,
      reason: expect.stringMatching(/^it ends at event \d+, its snapshot at \d+$/),
    });
    expect(await keptAside(dataDirectory)).toHaveLength(1);
  });

  it('damage shows while it runs, at the next start', async () => {
    const { place, rows, cluster, dataDirectory } = await filled();
    const first = await place.open();
    const [index] = await first.query<{ path: string }>(
      `SELECT pg_relation_filepath('wharfinger.port_allocation_live_port_key') AS path`,
    );
    await first.close();
    await overwrite(join(cluster, index?.path ?? ''), 1); // its first page is read by every query
    const { log, entries } = recordLog();
    const damaged = vi.fn();
    const running = await place.open({ log, damaged });

    const allocation = allocate(openRegistry(running), 'worker', { owner });

    await expect(allocation).rejects.toThrow(DatabaseDamaged);
    expect(damaged).toHaveBeenCalled();
    expect(entries('fatal')).toHaveLength(1);
    await running.close();
    expect(await expectWhole(place, rows)).toMatchObject([{ reason: 'it was found damaged while it ran' }]);
    expect(await keptAside(dataDirectory)).toHaveLength(1);
    expect(await expectWhole(place, rows)).toEqual([]);
  });
});

describe('an embedded database', () => {
  it('is rebuilt where only its snapshot is there', async () => {
    const { place, rows, cluster, dataDirectory } = await filled();
    await rm(cluster, { recursive: true });

    const logged = await expectWhole(place, rows);

    expect(logged).toMatchObject([{ msg: 'the embedded database is missing: rebuilding it from the snapshot' }]);
    expect(await keptAside(dataDirectory)).toEqual([]);
  });

  it('is refused in one line where it is damaged and there is no snapshot, and stays as it is', async () => {
    const { place, dataDirectory, cluster } = await filled();
    await rm(join(dataDirectory, 'snapshot.ndjson'));
    await truncate(join(cluster, 'global/pg_control'), 0);
    const files = await readdir(cluster);

    const message = await place.open().then(
      () => 'it was opened',
      (error: Error) => error.message,
    );

    expect(message).toMatch(
      /^The embedded database in .*database cannot be opened \(.+\) and there is no snapshot to rebuild it from: .+\.$/,
    );
    expect(await readdir(cluster)).toEqual(expect.arrayContaining(files));
    expect(await keptAside(dataDirectory)).toEqual([]);
  });
});
