import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { DatabaseUnavailable } from './database-error.ts';
import { openEmbedded } from './embedded/embedded.ts';
import type { Durability } from './embedded/journal/journal-file.ts';
import { migrate } from './migrations.ts';
import { explainFailure } from './postgresql/failure.ts';
import { openPostgresql } from './postgresql/open.ts';

export interface DatabaseOptions {
  /** The embedded database's directory; not touched where a URL is given. */
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  /** The embedded database's. Default: full. */
  readonly durability?: Durability;
  /** The same: how much is appended to its journal at least before it is written anew, in bytes. Default: 16 MiB. */
  readonly rewriteAfterBytes?: number;
  /** The same: makes an empty cluster in a directory that does not exist yet. Default: PGlite does, which takes seconds. */
  readonly createCluster?: (directory: string) => Promise<void>;
  readonly log: Logger;
  /** Called when the embedded database turns out to be damaged while it runs. */
  readonly damaged: () => void;
}

/** Opens the registry's database, migrated to this version. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { dataDirectory: directory, databaseUrl, log, ...embedded } = options;
  if (!databaseUrl) return openEmbedded({ directory, log, ...embedded });
  const database = await openPostgresql(databaseUrl, log);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw new Error(explainFailure(error, database.location), { cause: error });
  }
  return database;
}
