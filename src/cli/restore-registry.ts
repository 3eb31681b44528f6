import { type Flags, loadConfig } from '../config.ts';
import { registryFile } from '../storage/embedded/data-directory.ts';
import { restoreRegistry } from '../storage/embedded/restore.ts';
import { openPostgresql } from '../storage/postgresql/open.ts';
import { fail } from './fail.ts';
import { createLogger } from './logger.ts';

/** Fills the PostgreSQL that the flags name from the journal of a data directory. */
export async function restore(flags: Flags): Promise<void> {
  try {
    const { dataDirectory, databaseUrl } = loadConfig(process.env, flags);
    if (!databaseUrl) throw new Error('Say which PostgreSQL to fill: give --database-url.');
    const database = await openPostgresql(databaseUrl, createLogger());
    try {
      const allocations = await restoreRegistry(database, registryFile(dataDirectory));
      process.stdout.write(`${allocations} allocations, released ones included, are now in ${database.location}.\n`);
    } finally {
      await database.close();
    }
  } catch (error) {
    fail(error);
  }
}
