import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { DatabaseUnavailable } from './database-error.ts';
import { openEmbedded } from './embedded/embedded.ts';
import type { Durability } from './embedded/journal-file.ts';
import { migrate } from './migrations.ts';
import { explainFailure } from './postgresql/failure.ts';
import { openPostgresql } from './postgresql/open.ts';

export interface DatabaseOptions {
  /** The embedded database's directory; not touched where a URL is given. */
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  /** The embedded database's. Default: full. */
  readonly durability?: Durability;
  readonly log: Logger;
  /** Called when the embedded database turns out to be damaged while it runs. */
  readonly damaged: () => void;
}

/** Opens the registry's database, migrated to this version. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { dataDirectory: directory, databaseUrl, durability, log, damaged } = options;
  if (!databaseUrl) return openEmbedded({ directory, durability, log, damaged });
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
