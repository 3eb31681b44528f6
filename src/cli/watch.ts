import type { Command } from 'commander';
import { UsageMistake } from './fail.ts';
import { addRegistryFlags, examplesHelp, withRegistry } from './registry-command.ts';
import type { PlaceFlags } from './session.ts';

export interface WatchFlags extends PlaceFlags {
  readonly worktree?: string;
  readonly codebase?: string;
  readonly after?: string;
  readonly wait?: boolean;
}

const help = `
Prints the open conflicts, then each change and each conflict that opens or
resolves, one line each, until it is interrupted. Over lost connections and
restarts of the server it goes on where it was.

With --worktree, --codebase or --conversation it shows changes to what these hold
alone; conflicts are not narrowed by them. With --json it prints one object a
line, whose "type" is "allocation" or "conflict".
${examplesHelp(['watch', 'watch --codebase shop', 'watch --json --after 1200 | jq -r .allocation.port'])}`;

export function addWatch(program: Command): void {
  const watch = program
    .command('watch')
    .description('Follow changes and conflicts as they happen.')
    .option('--after <cursor>', 'begin with what happened after this cursor of an event')
    .option('--wait', 'wait for a registry that cannot be reached yet')
    .addHelpText('after', help)
    .action(async (flags: WatchFlags) => {
      if (flags.after !== undefined && !/^\d{1,15}$/.test(flags.after)) {
        throw new UsageMistake(`--after takes the cursor of an event, as watch --json prints it, such as 1200.`);
      }
      await withRegistry(flags, async (session) => {
        const { followRegistry } = await import('./follow-registry.ts');
        await followRegistry(flags, session);
      });
    });
  addRegistryFlags(watch, { place: true });
}
