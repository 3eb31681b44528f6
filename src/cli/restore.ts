import type { Command } from 'commander';
import type { Flags } from '../config.ts';

const examples = `
The database must not have a registry yet. The data directory is only read.

Example, from the embedded database to PostgreSQL:
  $ wharfinger restore --data-dir ./registry --database-url postgresql://me@localhost/team`;

export function addRestore(program: Command): void {
  program
    .command('restore')
    .description("Fill an empty PostgreSQL database from an embedded registry's journal.")
    .option('--data-dir <directory>', 'the data directory whose journal is read (WHARFINGER_DATA_DIR)')
    .option('--database-url <url>', 'the PostgreSQL to fill (WHARFINGER_DATABASE_URL)')
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { restore } = await import('./restore-registry.ts'); // the storage takes its time to load
      await restore(flags);
    });
}
