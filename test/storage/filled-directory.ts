import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
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

export const owner = worktree('/wt/a');

export type Registry = Awaited<ReturnType<typeof dump>>;

/** Says that another start of the machine wrote the cluster last, and whether that was stopped and synced. */
export async function startMachineAnew(dataDirectory: string, isSynced: boolean): Promise<void> {
  await writeFile(join(dataDirectory, 'database.json'), JSON.stringify({ boot: 'the one before', isSynced }));
}

/** Something of every table: a codebase, a worktree, a live and a released allocation, events, a listener and its conflict. */
export async function fill(database: Database): Promise<void> {
  const registry = openRegistry(database, { observer: seeing([listener(8_500)]) });
  await registry.scanHost();
  await registry.registerCodebase(repository('shop', { id: 'shop', servicePorts: { web: 8_100 } }));
  await registry.registerWorktree(checkout('/wt/a', { codebaseId: 'shop', branch: 'main' }));
  await allocate(registry, 'web', { owner, metadata: { note: 'Zoë’s "web"\n' }, publicHostnames: ['shop.example'] });
  const { port } = await allocate(registry, 'api', { owner });
  await registry.releasePort(release(port, { owner }));
}

/** A filled and closed data directory, with all of its rows. */
export async function filled() {
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

/** Opens a registry whose rows must be these, and uses it. Answers what was logged. */
export async function expectWhole(place: TestDatabase, rows: Registry) {
  const { log, entries } = recordLog();
  const database = await place.open({ durability: 'full', log });
  expect(withoutScans(await dump(database))).toEqual(withoutScans(rows));
  expect(await allocate(openRegistry(database), 'web', { owner })).toMatchObject({ port: 8_100 });
  await database.close();
  return entries('warn');
}

/** Without when hosts were scanned, which is found again. */
export const withoutScans = ({ host, ...rows }: Registry): Registry => ({
  ...rows,
  host: (host as { name: string }[]).map(({ name }) => name),
});

export const keptAside = async (dataDirectory: string) =>
  (await readdir(dataDirectory)).filter((name) => name.startsWith('database.aside-'));
