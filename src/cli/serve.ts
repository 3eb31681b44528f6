import type { Command } from 'commander';
import type { Flags } from '../config.ts';

const examples = `
Each flag wins over its environment variable. Docs: docs/configuration.md.

Examples:
  $ wharfinger serve
  $ wharfinger serve --port 4300 --data-dir ./registry
  $ WHARFINGER_DATABASE_URL=postgresql://me@localhost/team wharfinger serve --hostname laptop`;

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('Serve the registry until it is interrupted.')
    .option('--host <address>', 'where to listen (WHARFINGER_HOST, default 127.0.0.1)')
    .option('--port <number>', 'where to listen; 0 for any free port (WHARFINGER_PORT, default 4280)')
    .option('--data-dir <directory>', "the embedded database's directory (WHARFINGER_DATA_DIR)")
    .option('--database-url <url>', 'use this PostgreSQL instead (WHARFINGER_DATABASE_URL)')
    .option('--hostname <name>', "the host that is observed (WHARFINGER_HOSTNAME, default this machine's name)")
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { serve } = await import('./serve-registry.ts'); // the server takes its time to load
      await serve(flags);
    });
}
