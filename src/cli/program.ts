import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addRestore } from './restore.ts';
import { addServe } from './serve.ts';

/** The `wharfinger` command. */
export function createProgram(): Command {
  const packageFile = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const program = new Command('wharfinger')
    .description(
      'A port registry for development machines: worktrees, services and agents never meet on the same port.',
    )
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this help.')
    .showHelpAfterError('(see --help)');
  addServe(program);
  addRestore(program);
  return program;
}
