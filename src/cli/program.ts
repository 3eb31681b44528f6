import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { printableLines } from '../domain/printable.ts';
import { addCompletion } from './completion.ts';
import { addBackfill, addConfig, addExport } from './content-commands.ts';
import { addDoctor } from './doctor.ts';
import { addHooks } from './hooks.ts';
import { addImport } from './import.ts';
import { addAllocate, addCheck, addList, addRegister, addRelease, addTransfer } from './port-commands.ts';
import { addRestore } from './restore.ts';
import { addRun } from './run.ts';
import { addServe } from './serve.ts';
import { addCleanup, addConflicts, addStats } from './upkeep-commands.ts';
import { addWatch } from './watch.ts';
import { addWorktreeCommands } from './worktree.ts';

const help = `
Exit codes: 0 done; 1 refused, or something is wrong; 2 the command line makes no
sense; 3 no registry answers. WHARFINGER_URL and WHARFINGER_TOKEN say which one is
asked. Docs: docs/cli.md.`;

/** The `wharfinger` command. Loads nothing but what help needs: a command loads the rest when it is called. */
export function createProgram(): Command {
  const packageFile = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const program = new Command('wharfinger')
    .description(
      'A port registry for development machines: worktrees, services and agents never meet on the same port.',
    )
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand('help [command]', 'Print the help of a command.')
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)) })
    .addHelpText('after', help);
  addAllocate(program);
  addList(program);
  addRelease(program);
  addCheck(program);
  addRun(program);
  addWorktreeCommands(program);
  addHooks(program);
  addConfig(program);
  addRegister(program);
  addTransfer(program);
  addStats(program);
  addConflicts(program);
  addCleanup(program);
  addBackfill(program);
  addImport(program);
  addExport(program);
  addWatch(program);
  addDoctor(program);
  addServe(program);
  addRestore(program);
  addCompletion(program);
  return program;
}
