import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { openCluster } from '../../src/storage/embedded/cluster.ts';
import { readBootId } from '../../src/storage/embedded/cluster-record.ts';
import { pathsOf } from '../../src/storage/embedded/data-directory.ts';
import { readHoldings } from '../../src/storage/embedded/journal/journal-contents.ts';
import { openPglite } from '../../src/storage/embedded/pglite.ts';
import { copyCluster } from '../support/databases.ts';
import { expectWhole, filled, keptAside } from './filled-directory.ts';

type Open = (cluster: string) => Promise<Database>;

const killed = new Error('killed');

/** A new cluster that nothing has been written to yet. */
const unfilled: Open = async (cluster) => {
  await (await openPglite(cluster)).close();
  throw killed;
};

/** A cluster that has every row, and is not migrated to this version yet. */
const almostFilled: Open = async (cluster) => {
  const database = await openPglite(cluster);
  let transactions = 2;
  return {
    ...database,
    async transaction(work) {
      if (transactions-- === 0) throw killed;
      return database.transaction(work);
    },
  };
};

type End = Pick<Parameters<typeof openCluster>[0], 'open' | 'createCluster'>;

/** A start that ends where `end` says. */
async function startKilled(directory: string, end: End): Promise<void> {
  const paths = pathsOf(directory);
  const [holdings, boot] = await Promise.all([readHoldings(paths.journal), readBootId()]);
  const log = pino({ level: 'silent' });
  const opening = openCluster({ directory, paths, holdings, boot, log, createCluster: copyCluster, ...end });
  await expect(opening).rejects.toThrow(killed);
}

/** A data directory whose cluster was damaged, and is set aside by a start that ends where `open` says. */
async function interrupted(open: Open) {
  const place = await filled();
  const { dataDirectory, cluster } = place;
  await truncate(join(cluster, 'global/pg_control'), 0);
  await writeFile(join(cluster, 'evidence'), '');
  await startKilled(dataDirectory, { open });
  const [aside = 'nothing'] = await keptAside(dataDirectory);
  return { ...place, aside };
}

describe('a rebuild of the embedded database that did not finish', () => {
  it.each([
    ['before anything was in the new one', unfilled],
    ['just before the new one was whole', almostFilled],
  ])('is done again and leaves what it had set aside: %s', async (_when, open) => {
    const { place, rows, dataDirectory, aside } = await interrupted(open);

    const logged = await expectWhole(place, rows);

    expect(logged).toMatchObject([
      { msg: 'the embedded database was not rebuilt completely: rebuilding it from the journal' },
    ]);
    expect(await keptAside(dataDirectory)).toEqual([aside]);
    expect(await readdir(join(dataDirectory, aside))).toContain('evidence');
    expect(await expectWhole(place, rows)).toEqual([]);
  });

  it('is refused without a journal, and everything stays where it is', async () => {
    const { place, dataDirectory, aside } = await interrupted(unfilled);
    await rm(join(dataDirectory, 'journal'));
    const files = await readdir(dataDirectory);

    await expect(place.open({ durability: 'full' })).rejects.toThrow(
      /cannot be used \(it was not rebuilt completely\) and there is no journal to rebuild it from/,
    );

    expect(await readdir(dataDirectory)).toEqual(files);
    expect(files).toContain(aside);
  });

  it('is done again beside what the killed start had begun, which its child may still write to', async () => {
    const { dataDirectory } = await filled();
    await rm(join(dataDirectory, 'database'), { recursive: true });
    const begun: string[] = [];
    const createCluster = async (directory: string) => {
      begun.push(basename(directory));
      await mkdir(join(directory, 'base'), { recursive: true });
      throw killed;
    };

    await startKilled(dataDirectory, { open: openPglite, createCluster });
    await startKilled(dataDirectory, { open: openPglite, createCluster });

    const [first, second] = begun;
    expect(second).not.toBe(first);
    expect((await readdir(dataDirectory)).filter((name) => name.startsWith('database.new'))).toEqual([second]);
  });
});
