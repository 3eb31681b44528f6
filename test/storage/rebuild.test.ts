import { randomBytes } from 'node:crypto';
import { open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseDamaged } from '../../src/storage/database-error.ts';
import { recordLog } from '../support/recorded-log.ts';
import { allocate, openRegistry } from '../support/registry.ts';
import { expectWhole, filled, keptAside, owner, startMachineAnew } from './filled-directory.ts';

/** Each opens several databases. */
vi.setConfig({ testTimeout: 60_000 });

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
    await expect(running.query('SELECT 1')).rejects.toThrow(DatabaseDamaged);
    await expect(running.prisma.host.findMany()).rejects.toThrow(DatabaseDamaged);
    await running.close();
    expect(await expectWhole(place, rows)).toHaveLength(1);
    expect(await keptAside(dataDirectory)).toHaveLength(1);
    expect(await expectWhole(place, rows)).toEqual([]);
  });
});
