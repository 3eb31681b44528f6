import { existsSync, rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Database } from '../database.ts';
import { readLastNumber } from '../event-log.ts';
import { latestMigration } from '../migrations.ts';
import { openCluster } from './cluster.ts';
import { readBootId, writeClusterRecord } from './cluster-record.ts';
import { type Paths, pathsOf, registryFile } from './data-directory.ts';
import { lockDirectory } from './directory-lock.ts';
import { Journal } from './journal/journal.ts';
import { type Holdings, readHoldings } from './journal/journal-contents.ts';
import type { Durability } from './journal/journal-file.ts';
import { keepJournal } from './journal/keep-journal.ts';
import { explainLack, lackOf } from './lack.ts';
import { openPglite } from './pglite.ts';
import { syncTree } from './sync-files.ts';

export interface EmbeddedOptions {
  readonly directory: string;
  /** Default: full. */
  readonly durability?: Durability;
  /** How much is appended to the journal at least before it is written anew, in bytes. Default: 16 MiB. */
  readonly rewriteAfterBytes?: number;
  /** Makes an empty cluster in a directory that does not exist yet. Default: PGlite does, which takes seconds. */
  readonly createCluster?: (directory: string) => Promise<void>;
  readonly log: Logger;
  /** Called when damage shows: the database answers nothing from then on, and the next start rebuilds it. */
  readonly damaged: () => void;
}

/**
 * Opens the registry in a data directory, for this process alone, creating it where there is none. The journal is the
 * truth. The cluster is used where it is known to be as it was last written and agrees with the journal; otherwise it
 * is set aside and made anew. Throws, with what to do, where the journal is damaged, the directory is in use, or the
 * machine lacks what it takes.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  try {
    return await openLocked(options);
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    // The system's own error, which names neither the directory nor what to do.
    if (code === undefined || lackOf(error) === undefined) throw error;
    throw new Error(explainLack(error, options.directory), { cause: error });
  }
}

async function openLocked(options: EmbeddedOptions): Promise<Database> {
  const { directory, durability = 'full', rewriteAfterBytes = 16 << 20, createCluster, log, damaged } = options;
  const unlock = await lockDirectory(directory);
  const paths = pathsOf(directory);
  let isServing = false;
  let failure: Error | undefined;
  const fail = (error: unknown) => {
    if (!isServing) return; // while it is opened, damage is repaired
    isServing = false;
    failure = error instanceof Error ? error : new Error(String(error));
    log.fatal({ err: error }, 'the embedded database is damaged: start again to rebuild it from the journal');
    // The next start must not trust it. Deleting needs no space on a full disk.
    rmSync(paths.record, { force: true });
    damaged();
  };
  try {
    const holdings = await findHoldings(directory, durability);
    const boot = await readBootId();
    const open = (cluster: string) => openPglite(cluster, { damaged: fail, failure: () => failure });
    const database = await openCluster({ directory, paths, holdings, boot, log, open, createCluster });
    const journal = await continueJournal({ paths, database, holdings, durability, log });
    isServing = true;
    return keepJournal(database, {
      journal,
      durability,
      rewriteAfterBytes,
      log,
      fail,
      async closed() {
        // A rebuild after the machine started anew costs seconds: what is synced is spared it.
        if (isServing && durability === 'full')
          await markSynced(paths, boot).catch((error) => log.warn({ err: error }, 'the database could not be synced'));
        await unlock();
      },
    });
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * Who holds what, by the journal, which is begun in a new directory; undefined where only a cluster is there. Throws
 * where neither is, although they were.
 */
async function findHoldings(directory: string, durability: Durability): Promise<Holdings | undefined> {
  const file = registryFile(directory);
  const { cluster, journal } = pathsOf(directory);
  if (!existsSync(file)) {
    if (existsSync(cluster)) return undefined;
    // Its record, one that was set aside, or one that was being made.
    if ((await readdir(directory)).some((name) => name.startsWith('database'))) {
      throw new Error(
        `The data directory ${directory} has had a registry, but neither its journal nor its database is there: restore the journal from a backup, as the only file of the directory, or move ${directory} away to begin anew.`,
      );
    }
    await Journal.create(journal, durability);
  }
  return readHoldings(file);
}

interface Continuing {
  readonly paths: Paths;
  readonly database: Database;
  readonly holdings: Holdings | undefined;
  readonly durability: Durability;
  readonly log: Logger;
}

/** Continues the journal if it is this version's and has just what the database has; otherwise writes it anew. */
async function continueJournal({ paths, database, holdings, durability, log }: Continuing): Promise<Journal> {
  const { journal: path, snapshot } = paths;
  const number = await readLastNumber(database);
  const isCurrent = existsSync(path) && holdings?.number === number && holdings.migration === (await latestMigration());
  if (isCurrent) {
    // One that a crash left behind would count if the journal were lost.
    await rm(snapshot, { force: true });
    const journal = await Journal.continue(path, holdings);
    if (holdings.durability !== durability) await journal.append({ durability });
    return journal;
  }
  if (holdings === undefined) log.warn({ journal: path }, 'the journal is missing: writing it anew from the database');
  const journal = await Journal.begin(path, database, durability);
  await rm(snapshot, { force: true });
  return journal;
}

async function markSynced({ cluster, record }: Paths, boot: string | null): Promise<void> {
  await syncTree(cluster);
  await writeClusterRecord(record, { boot, isSynced: true });
}
