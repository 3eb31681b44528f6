import type { Command } from 'commander';
import type { EditedFile } from './edit-file.ts';
import { addRegistryFlags, examplesHelp, openOutput } from './registry-command.ts';
import { serviceNames } from './service-names.ts';
import type { PlaceFlags } from './session.ts';

const installHelp = `
The repository's post-checkout hook then gives each new worktree its ports, and
writes them into its .env.local. A hook that is there already keeps all that it
does. Again, it takes other services. WHARFINGER_HOOKS=off in the environment of
git makes it do nothing.
${examplesHelp(['hooks install', 'hooks install web api'])}`;

const removeHelp = `
What was there before stays as it was.
${examplesHelp(['hooks remove'])}`;

const runHelp = `
Hooks call this. post-checkout is git's: by hand it does for the current directory
what the hook would. WorktreeCreate and WorktreeRemove are Claude Code's, which
tells them as JSON on standard input what to make and to remove: docs/agents.md.
${examplesHelp(['hooks run post-checkout', 'hooks run post-checkout web api'])}`;

/** What is done at an event, by the name that whoever calls the hook has for it. */
const events: Readonly<Record<string, (services: readonly string[], flags: PlaceFlags) => Promise<void>>> = {
  'post-checkout': async (services, flags) => {
    const { runPostCheckout } = await import('./post-checkout.ts');
    await runPostCheckout(services, flags);
  },
  WorktreeCreate: async (services, flags) => {
    const { runClaudeHook } = await import('./claude-hooks.ts');
    await runClaudeHook('WorktreeCreate', services, flags);
  },
  WorktreeRemove: async (_services, flags) => {
    const { runClaudeHook } = await import('./claude-hooks.ts');
    await runClaudeHook('WorktreeRemove', [], flags);
  },
};

export function addHooks(program: Command): void {
  const hooks = program
    .command('hooks')
    .description('Have git give new worktrees their ports.')
    .helpOption('-h, --help', 'Print this help.');
  hooks
    .command('install')
    .description("Add to the repository's post-checkout hook what gives a new worktree its ports.")
    .argument('[services...]', 'what the services of a new worktree are called (default: it gets one port)')
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', installHelp)
    .action(async (services: readonly string[], { json }: PlaceFlags) => {
      const { installHook } = await import('./install-hook.ts');
      const file = await installHook(process.cwd(), serviceNames(services));
      show(file, json, file.changed ? 'gives new worktrees their ports from now on' : 'did so before');
    });
  hooks
    .command('remove')
    .description('Take it out again.')
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', removeHelp)
    .action(async ({ json }: PlaceFlags) => {
      const { removeHook } = await import('./install-hook.ts');
      const file = await removeHook(process.cwd());
      show(file, json, file.changed ? 'does nothing for new worktrees any more' : 'did nothing for new worktrees');
    });
  const run = hooks
    .command('run')
    .description('Do what is to be done at an event.')
    .addArgument(program.createArgument('<event>', 'what happened').choices(Object.keys(events)))
    .argument('[services...]', 'what the services are called (default: what the worktree holds, or one port)')
    .addHelpText('after', runHelp)
    .action((event: string, services: readonly string[], flags: PlaceFlags) =>
      events[event]?.(serviceNames(services), flags),
    );
  addRegistryFlags(run, { place: false, json: false });
}

function show(file: EditedFile, json: boolean | undefined, told: string): void {
  const output = openOutput();
  if (json) output.json(file);
  else output.content(output.isTerminal ? `${file.path} ${told}.` : file.path);
}
