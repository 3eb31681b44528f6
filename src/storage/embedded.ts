import { existsSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { DatabaseDamaged } from './database-error.ts';
import { lockDirectory } from './directory-lock.ts';
import { readLastNumber } from './event-log.ts';
import { latestMigration, MigrationFailed, MigrationMismatch, migrate } from './migrations.ts';
import { createCluster, openPglite } from './pglite.ts';
import { continueSnapshot, restoreSnapshot, type Snapshot } from './snapshot.ts';
import { type LastMark, readLastMark, readMigration } from './snapshot-file.ts';

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
  const open = (cluster: string) =>
    openPglite(cluster, (error) => {
      if (!isServing) return; // while it is opened, damage is repaired
      isServing = false;
      log.fatal({ err: error }, 'the embedded database is damaged: start again to rebuild it from the snapshot');
      writeFileSync(paths.damaged, '');
      damaged();
    });
  let isServing = false;
  try {
    const mark = await readLastMark(paths.snapshot);
    const { database, rebuilt } = await openOrRebuild({ paths, mark, log, open });
    const found = rebuilt ? undefined : await findSnapshot(paths.snapshot, mark);
    const snapshot = await continueSnapshot(database, paths.snapshot, { found });
    await snapshot.save();
    isServing = true;
    return keepSnapshot(database, { snapshot, log, unlock });
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** The snapshot to continue: one whose rows have the schema that the database has now. */
async function findSnapshot(path: string, mark: LastMark | undefined) {
  if (!mark || (await readMigration(path)) !== (await latestMigration())) return undefined;
  return mark;
}

interface Opening {
  readonly paths: Paths;
  readonly mark: LastMark | undefined;
  readonly log: Logger;
  readonly open: (cluster: string) => Promise<Database>;
}

async function openOrRebuild(opening: Opening) {
  const { paths, mark, log } = opening;
  if (!existsSync(paths.cluster)) {
    if (mark) {
      log.warn({ snapshot: paths.snapshot }, 'the embedded database is missing: rebuilding it from the snapshot');
      return { database: await rebuild(opening), rebuilt: true };
    }
    log.info({ directory: paths.cluster }, 'creating the embedded database');
    return { database: await create(opening, migrate), rebuilt: true };
  }
  try {
    if (existsSync(paths.damaged)) throw new DatabaseDamaged('it was found damaged while it ran');
    return { database: await openWhole(opening), rebuilt: false };
  } catch (error) {
    if (!isDamage(error)) throw error;
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
    return { database: await rebuild(opening), rebuilt: true };
  }
}

/** Opens a cluster, reads every row of it once, and compares its newest event with the snapshot's. */
async function openWhole({ paths, mark, open }: Opening): Promise<Database> {
  const database = await open(paths.cluster);
  try {
    await migrate(database);
    const number = await readLastNumber(database);
    if (mark && number < mark.number) {
      throw new DatabaseDamaged(`it ends at event ${number}, its snapshot at ${mark.number}`);
    }
    await readEverything(database);
    return database;
  } catch (error) {
    await database.close().catch(() => {}); // closing a damaged one may fail as well
    throw error;
  }
}

const tables = [
  'host',
  'codebase',
  'worktree',
  'port_allocation',
  'allocation_event',
  'conflict',
  'listener',
  'event_counter',
];

/** Page checksums are verified as pages are read. */
async function readEverything(database: Database): Promise<void> {
  for (const table of tables) {
    await database.query(`SELECT count(*), max(length(t::text)) FROM wharfinger.${table} t`);
  }
}

/** More event numbers than the last second, which the snapshot may lack, can have drawn. */
const skippedNumbers = 1_000_000;

async function rebuild(opening: Opening): Promise<Database> {
  const { paths } = opening;
  const database = await create(opening, (fresh) => restoreSnapshot(fresh, paths.snapshot, skippedNumbers));
  await rm(paths.damaged, { force: true });
  return database;
}

/** What the machine lacks, or a migration that fails, says nothing of the files; whatever else keeps PGlite from opening them does. */
function isDamage(error: unknown): boolean {
  if (error instanceof MigrationMismatch || error instanceof MigrationFailed) return false;
  const { code } = error as NodeJS.ErrnoException;
  return !['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT'].includes(code ?? '');
}

/**
 * Makes a cluster beside its final place and moves it there once it is whole. It is filled there, in
 * transactions: one that was not finished ends before its snapshot does, and is rebuilt again.
 */
async function create({ paths, open }: Opening, fill: (database: Database) => Promise<unknown>): Promise<Database> {
  const fresh = `${paths.cluster}.new`;
  await rm(fresh, { recursive: true, force: true });
  await createCluster(fresh);
  await rename(fresh, paths.cluster);
  const database = await open(paths.cluster);
  await fill(database);
  return database;
}

interface Keeping {
  readonly snapshot: Snapshot;
  readonly log: Logger;
  readonly unlock: () => Promise<void>;
}

/** The same database, which saves its snapshot after each commit and gives its lock back at the end. */
function keepSnapshot(database: Database, { snapshot, log, unlock }: Keeping): Database {
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
  return {
    ...database,
    async transaction(work) {
      const result = await database.transaction(work);
      timer ??= setTimeout(save, saveDelayMs);
      return result;
    },
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
