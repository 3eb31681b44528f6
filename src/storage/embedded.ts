import { existsSync } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { DatabaseDamaged } from './database-error.ts';
import { lockDirectory } from './directory-lock.ts';
import { latestMigration, MigrationMismatch, migrate } from './migrations.ts';
import { createCluster, openPglite } from './pglite.ts';
import { continueSnapshot, restoreSnapshot, type Snapshot } from './snapshot.ts';
import { readLastMark, readMigration, type SnapshotMark } from './snapshot-file.ts';

/** How long after a change the snapshot has it, at most, but for the time that writing takes. */
const saveDelayMs = 400;

interface Paths {
  readonly cluster: string;
  readonly snapshot: string;
  /** Exists once a running server met damage: the next start does not try the cluster again. */
  readonly damaged: string;
}

/** Where a data directory keeps its snapshot, which `wharfinger restore` reads. */
export function snapshotPath(directory: string): string {
  return join(directory, 'snapshot.ndjson');
}

/**
 * Opens the registry in a data directory, for this process alone, creating it where there is none.
 * A cluster that cannot be read, is of another PostgreSQL, or has fewer events than the snapshot is
 * kept aside and rebuilt from the snapshot. `damaged` is called when damage shows later: the
 * database answers nothing from then on, and the next start rebuilds it.
 */
export async function openEmbedded(directory: string, log: Logger, damaged: () => void): Promise<Database> {
  const unlock = await lockDirectory(directory);
  const paths: Paths = {
    cluster: join(directory, 'database'),
    snapshot: snapshotPath(directory),
    damaged: join(directory, 'damaged'),
  };
  try {
    const mark = await readLastMark(paths.snapshot);
    const { database, rebuilt } = await openOrRebuild(paths, mark, log);
    const found = rebuilt ? undefined : await findSnapshot(paths.snapshot, mark);
    const snapshot = await continueSnapshot(database, paths.snapshot, { found });
    await snapshot.save();
    return keepSnapshot(database, { snapshot, paths, log, damaged, unlock });
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** The snapshot to continue: one whose rows have the schema that the database has now. */
async function findSnapshot(path: string, mark: SnapshotMark | undefined) {
  if (!mark || (await readMigration(path)) !== (await latestMigration())) return undefined;
  const { size } = await stat(path);
  return { mark, bytes: size };
}

async function openOrRebuild(paths: Paths, mark: SnapshotMark | undefined, log: Logger) {
  if (!existsSync(paths.cluster)) {
    if (mark) {
      log.warn({ snapshot: paths.snapshot }, 'the embedded database is missing: rebuilding it from the snapshot');
      return { database: await rebuild(paths), rebuilt: true };
    }
    log.info({ directory: paths.cluster }, 'creating the embedded database');
    return { database: await create(paths.cluster, migrate), rebuilt: true };
  }
  try {
    if (existsSync(paths.damaged)) throw new DatabaseDamaged('it was found damaged while it ran');
    return { database: await openWhole(paths.cluster, mark), rebuilt: false };
  } catch (error) {
    if (error instanceof MigrationMismatch) throw error; // nothing is damaged
    const reason = error instanceof Error ? error.message : String(error);
    if (!mark) {
      throw new Error(
        `The embedded database in ${paths.cluster} cannot be opened (${reason}) and there is no snapshot to rebuild it from: restore the directory from a backup, or move it away to begin anew.`,
        { cause: error },
      );
    }
    const aside = `${paths.cluster}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    log.error(
      { reason, aside, snapshot: paths.snapshot },
      'the embedded database is damaged: rebuilding it from the snapshot',
    );
    await rename(paths.cluster, aside);
    await rm(paths.damaged, { force: true });
    return { database: await rebuild(paths), rebuilt: true };
  }
}

/** Opens a cluster, reads every row of it once, and compares its newest event with the snapshot's. */
async function openWhole(cluster: string, mark: SnapshotMark | undefined): Promise<Database> {
  const database = await openPglite(cluster);
  try {
    await migrate(database);
    const [row] = await database.query<{ number: string }>(
      'SELECT last_number::text AS number FROM wharfinger.event_counter',
    );
    if (!row) throw new DatabaseDamaged('its event counter is missing');
    if (mark && Number(row.number) < mark.number) {
      throw new DatabaseDamaged(`it ends at event ${row.number}, its snapshot at ${mark.number}`);
    }
    await readEverything(database);
    return database;
  } catch (error) {
    await database.close().catch(() => {}); // closing a damaged one may fail as well
    throw error;
  }
}

/** Page checksums are verified as pages are read. */
async function readEverything(database: Database): Promise<void> {
  for (const table of ['host', 'codebase', 'worktree', 'port_allocation', 'allocation_event']) {
    await database.query(`SELECT count(*), max(length(t::text)) FROM wharfinger.${table} t`);
  }
}

const rebuild = (paths: Paths) => create(paths.cluster, (database) => restoreSnapshot(database, paths.snapshot));

/**
 * Makes a cluster beside its final place and moves it there once it is whole. It is filled there, in
 * transactions: one that was not finished ends before its snapshot does, and is rebuilt again.
 */
async function create(cluster: string, fill: (database: Database) => Promise<unknown>): Promise<Database> {
  const fresh = `${cluster}.new`;
  await rm(fresh, { recursive: true, force: true });
  await createCluster(fresh);
  await rename(fresh, cluster);
  const database = await openPglite(cluster);
  await fill(database);
  return database;
}

interface Keeping {
  readonly snapshot: Snapshot;
  readonly paths: Paths;
  readonly log: Logger;
  readonly damaged: () => void;
  readonly unlock: () => Promise<void>;
}

/** The same database, which saves its snapshot after each commit and gives its lock back at the end. */
function keepSnapshot(database: Database, { snapshot, paths, log, damaged, unlock }: Keeping): Database {
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    timer = undefined;
    saving = saving
      .then(() => snapshot.save())
      .catch((error: unknown) => {
        log.error({ err: error }, 'the snapshot could not be written; trying again');
        timer ??= setTimeout(save, saveDelayMs);
      });
  };
  const watch = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DatabaseDamaged) {
        log.fatal({ err: error }, 'the embedded database is damaged: start again to rebuild it from the snapshot');
        await writeFile(paths.damaged, '');
        damaged();
      }
      throw error;
    }
  };
  return {
    ...database,
    query: (text, values) => watch(() => database.query(text, values)),
    transaction: (work) =>
      watch(async () => {
        const result = await database.transaction(work);
        timer ??= setTimeout(save, saveDelayMs);
        return result;
      }),
    async close() {
      clearTimeout(timer);
      save();
      await saving;
      clearTimeout(timer);
      await database.close();
      await unlock();
    },
  };
}
