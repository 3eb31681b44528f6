import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../database.ts';
import { DatabaseDamaged } from '../database-error.ts';
import { readLastNumber } from '../event-log.ts';
import { MigrationMismatch, migrate } from '../migrations.ts';
import { isCurrent, readClusterRecord, writeClusterRecord } from './cluster-record.ts';
import { compareWithJournal } from './compare.ts';
import { type Paths, registryFile } from './data-directory.ts';
import type { Holdings } from './journal/journal-contents.ts';
import { explainLack, lackOf, requireRights, tryToWrite } from './lack.ts';
import { createCluster as initialise } from './pglite.ts';
import { replayJournal, restoreRegistry } from './restore.ts';
import { syncDirectory } from './sync-files.ts';

const everything = { recursive: true, force: true } as const;

interface Opening {
  readonly directory: string;
  readonly paths: Paths;
  /** What the journal says; undefined where there is none. */
  readonly holdings: Holdings | undefined;
  /** The running start of the machine, where it is known. */
  readonly boot: string | null;
  readonly log: Logger;
  readonly open: (cluster: string) => Promise<Database>;
  /** Makes an empty cluster. Default: PGlite does. */
  readonly createCluster?: ((directory: string) => Promise<void>) | undefined;
}

/**
 * Opens a database that agrees with the journal and has the schema of this version: the cluster that is there, or a
 * new one that is filled from the journal.
 */
export async function openCluster(opening: Opening): Promise<Database> {
  const { directory, paths, holdings, log } = opening;
  const isInterrupted = holdings !== undefined && (await readClusterRecord(paths.record))?.isFilling === true;
  // Not set aside, which would delete the one that the interrupted rebuild has set aside.
  if (isInterrupted) await rm(paths.cluster, everything);
  if (!existsSync(paths.cluster)) {
    const found = isInterrupted ? 'was not rebuilt completely' : 'is missing';
    if (holdings?.number === 0) log.info({ directory }, 'creating the embedded database');
    else log.warn({ directory }, `the embedded database ${found}: rebuilding it from the journal`);
    return rebuild(opening);
  }
  try {
    return await openWhole(opening);
  } catch (error) {
    if (error instanceof MigrationMismatch) throw error;
    const lack = lackOf(error) === undefined ? await tryToWrite(directory) : error;
    if (lack !== undefined) throw new Error(explainLack(lack, directory), { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    if (!holdings) {
      throw new Error(
        `The embedded database in ${paths.cluster} cannot be used (${reason}) and there is no journal to rebuild it from: restore the journal from a backup, or move ${directory} away to begin anew.`,
        { cause: error },
      );
    }
    const aside = await setAside(paths);
    log.error({ reason, aside }, 'the embedded database cannot be used: rebuilding it from the journal');
    return rebuild(opening);
  }
}

/** Opens the cluster that is there. Throws where it may not be as it was last written, is damaged, or disagrees. */
async function openWhole({ directory, paths, holdings, boot, open, log }: Opening): Promise<Database> {
  const isSnapshot = registryFile(directory) === paths.snapshot;
  const record = await readClusterRecord(paths.record);
  // Versions that kept a snapshot trusted their cluster at every start.
  if (!isSnapshot && !isCurrent(record, boot)) {
    throw new DatabaseDamaged(
      record?.isFilling ? 'it was not rebuilt completely' : 'the machine may have lost power since it was last written',
    );
  }
  // PGlite does not say what it may not read, and aborts where it may not write.
  await requireRights(paths.cluster);
  // Before it is written: what was synced is so no longer.
  await writeClusterRecord(paths.record, { boot, isSynced: false });
  const database = await open(paths.cluster);
  try {
    const number = await readLastNumber(database);
    if (holdings && number < holdings.number) {
      if (isSnapshot || number < holdings.baseNumber) {
        throw new DatabaseDamaged(`it ends at event ${number}, the journal at ${holdings.number}`);
      }
      await migrate(database, holdings.migration);
      await replayJournal(database, paths.journal, number);
    }
    await migrate(database);
    await readEverything(database);
    if (holdings && number > holdings.number) {
      const level = holdings.durability === 'full' ? 'error' : 'warn';
      log[level]({ database: number, journal: holdings.number }, 'the journal lacks the last changes: rewriting it');
    } else if (holdings) {
      await compareWithJournal(database, holdings);
    }
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

const asidePrefix = /^database\.(aside|damaged)-/;

/** Moves the cluster away, and deletes the one that was moved away before. Returns where it is. */
async function setAside({ cluster }: Paths): Promise<string> {
  const directory = dirname(cluster);
  const former = (await readdir(directory)).filter((name) => asidePrefix.test(name));
  const aside = `${cluster}.aside-${new Date().toISOString().replaceAll(':', '-')}`;
  await rename(cluster, aside);
  // What is found in its place after a power cut must not be this one, once its record says that it is being filled.
  await syncDirectory(directory);
  await Promise.all(former.map((name) => rm(join(directory, name), everything)));
  return aside;
}

/** Makes a cluster and fills it from the journal. Its record marks it as incomplete until then, so that an interrupted rebuild is repeated. */
async function rebuild({ directory, paths, boot, open, createCluster = initialise }: Opening): Promise<Database> {
  // A start that was killed leaves the process that makes its cluster behind: that must not write to this one as well.
  const fresh = `${paths.cluster}.new-${randomUUID()}`;
  try {
    await writeClusterRecord(paths.record, { boot: null, isSynced: false, isFilling: true });
    const begun = (await readdir(directory)).filter((name) => name.startsWith('database.new'));
    await Promise.all(begun.map((name) => rm(join(directory, name), { ...everything, maxRetries: 10 })));
    await createCluster(fresh);
    await rename(fresh, paths.cluster);
    const database = await open(paths.cluster);
    try {
      await restoreRegistry(database, registryFile(directory), { goesOn: true });
      await writeClusterRecord(paths.record, { boot, isSynced: false });
      return database;
    } catch (error) {
      await database.close().catch(() => {}); // closing a damaged one may fail as well
      throw error;
    }
  } catch (error) {
    const lack = lackOf(error) === undefined ? await tryToWrite(directory) : error;
    if (lack !== undefined) throw new Error(explainLack(lack, directory), { cause: error });
    throw error;
  }
}
