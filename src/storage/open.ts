import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrations.ts';
import { openPostgresql } from './postgresql.ts';

export interface DatabaseOptions {
  /** The embedded database's directory; not touched where a URL is given. */
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly log: Logger;
  /** Called when the embedded database turns out to be damaged while it runs. */
  readonly damaged: () => void;
}

/** Opens the registry's database, migrated to this version. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { dataDirectory, databaseUrl, log, damaged } = options;
  if (!databaseUrl) return openEmbedded(dataDirectory, log, damaged);
  const database = await openPostgresql(databaseUrl, log);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
