import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { compareWithJournal } from '../../src/storage/embedded/compare.ts';
import { readHoldings } from '../../src/storage/embedded/journal/journal-contents.ts';
import { openPglite } from '../../src/storage/embedded/pglite.ts';
import { embedded } from '../support/databases.ts';
import { allocate, openRegistry, release, worktree } from '../support/registry.ts';

const owner = worktree('/wt/a');

async function openFilled() {
  const place = await embedded.create();
  const database = await place.open({ durability: 'full' });
  const registry = openRegistry(database);
  await allocate(registry, 'web', { owner });
  const { port } = await allocate(registry, 'api', { owner });
  await registry.releasePort(release(port, { owner }));
  const { dataDirectory = '' } = place;
  return { place, database, registry, dataDirectory, holdings: await readHoldings(join(dataDirectory, 'journal')) };
}

describe('a database and its journal', () => {
  it('agree after each change', async () => {
    const { database, registry, dataDirectory } = await openFilled();
    for (const name of ['a', 'b', 'c']) {
      await allocate(registry, name, { owner });
      await compareWithJournal(database, await readHoldings(join(dataDirectory, 'journal'))); // after each
    }
  });

  it.each([
    ['a claim is missing', "DELETE FROM wharfinger.port_allocation WHERE service_name = 'web'"],
    [
      'a claim is another service’s',
      "UPDATE wharfinger.port_allocation SET service_name = 'x' WHERE service_name = 'web'",
    ],
    ['a claim has another port', 'UPDATE wharfinger.port_allocation SET port = port + 100'],
    ['a released claim lives', "UPDATE wharfinger.port_allocation SET status = 'allocated', released_at = NULL"],
    [
      'the newest event is missing',
      `DELETE FROM wharfinger.allocation_event WHERE number = (SELECT max(number) FROM wharfinger.allocation_event)`,
    ],
  ])('disagree where %s', async (_how, sql) => {
    const { database, holdings } = await openFilled();
    await database.script(sql);
    await expect(compareWithJournal(database, holdings)).rejects.toThrow('journal');
  });

  it('disagree where only an index is stale', async () => {
    const { place, database, dataDirectory } = await openFilled();
    const path = join(dataDirectory, 'database', await indexFile(database, 'port_allocation_live_port_key'));
    await database.close();
    const stale = await readFile(path);
    const later = await place.open({ durability: 'full' });
    await allocate(openRegistry(later), 'worker', { owner });
    await later.close();
    await writeFile(path, stale);

    const cluster = await openPglite(join(dataDirectory, 'database'));
    try {
      const holdings = await readHoldings(join(dataDirectory, 'journal'));
      await expect(compareWithJournal(cluster, holdings)).rejects.toThrow(
        'it has 1 live allocations by its index, the journal has 2',
      );
    } finally {
      await cluster.close();
    }
  });
});

/** The file of an index, relative to the cluster. */
async function indexFile(database: Database, name: string): Promise<string> {
  const [found] = await database.query<{ path: string }>('SELECT pg_relation_filepath($1) AS path', [
    `wharfinger.${name}`,
  ]);
  return found?.path ?? expect.fail(`There is no index ${name}.`);
}
