import type { Command } from 'commander';
import { type Flags, loadConfig } from '../config.ts';
import { snapshotPath } from '../storage/embedded.ts';
import { openPostgresql } from '../storage/postgresql.ts';
import { restoreSnapshot } from '../storage/snapshot.ts';
import { fail } from './fail.ts';
import { createLogger } from './logger.ts';

const examples = `
The database must not have a registry yet. The data directory is only read.

Example, from the embedded database to PostgreSQL:
  $ wharfinger restore --data-dir ./registry --database-url postgresql://me@localhost/team`;

export function addRestore(program: Command): void {
  program
    .command('restore')
    .description("Fill an empty PostgreSQL database from an embedded registry's snapshot.")
    .option('--data-dir <directory>', 'the data directory whose snapshot is read (WHARFINGER_DATA_DIR)')
    .option('--database-url <url>', 'the PostgreSQL to fill (WHARFINGER_DATABASE_URL)')
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', examples)
    .action(restore);
}

async function restore(flags: Flags): Promise<void> {
  try {
    const { dataDirectory, databaseUrl } = loadConfig(process.env, flags);
    if (!databaseUrl) throw new Error('Say which PostgreSQL to fill: give --database-url.');
    const database = await openPostgresql(databaseUrl, createLogger());
    try {
      const allocations = await restoreSnapshot(database, snapshotPath(dataDirectory));
      process.stdout.write(`${allocations} allocations, released ones included, are now in ${database.location}.\n`);
    } finally {
      await database.close();
    }
  } catch (error) {
    fail(error);
  }
}
