import type { Command } from 'commander';
import { isPortManagementEnabled } from '../commands/is-enabled.ts';
import { allocationLine } from './allocation-table.ts';
import type { CreatedWorktree } from './create-worktree.ts';
import type { Output } from './output.ts';
import { addRegistryFlags, examplesHelp, openOutput, switchedOff, withRegistry } from './registry-command.ts';
import type { RemovedWorktree } from './remove-worktree.ts';
import { serviceNames } from './service-names.ts';
import type { PlaceFlags } from './session.ts';

const createHelp = `
The branch is checked out where it exists, else made. Without services the
worktree gets one port. What it gets is written into its .env.local. Where there
is no port for it, git's part is undone. Programs get the path alone:
cd "$(wharfinger worktree create feature-x)"
${examplesHelp(['worktree create feature-x', 'worktree create feature-x web api', 'worktree create fix --from v1.2 --path ../fix'])}`;

const removeHelp = `
Its ports are free for others after a while, and its branch stays. Where git
refuses, the worktree keeps its ports. A production port is released from inside
the worktree or for its conversation, else by wharfinger release <port> --force
first; one that public hostnames point at by that alone.
${examplesHelp(['worktree remove feature-x', 'worktree remove ../shop-feature-x --force'])}`;

interface CreateFlags extends PlaceFlags {
  readonly path?: string;
  readonly from?: string;
}

interface RemoveFlags extends PlaceFlags {
  readonly force?: boolean;
}

export function addWorktreeCommands(program: Command): void {
  const worktree = program
    .command('worktree')
    .description('Create and remove git worktrees together with their ports.')
    .helpOption('-h, --help', 'Print this help.');
  const creating = worktree
    .command('create')
    .description('Have git make a worktree, and give it its ports.')
    .argument('<branch>', 'the branch that is checked out in it')
    .argument('[services...]', 'what its services are called')
    .option('--path <directory>', 'where to put it (default: beside the main worktree, as <repository>-<branch>)')
    .option('--from <commit>', 'where a new branch begins (default: at the current commit)')
    .option('--codebase <id>', 'the codebase that it is of (default: the registered one of the repository)')
    .option('--conversation <id>', 'the conversation that is to work in it')
    .addHelpText('after', createHelp)
    .action((branch: string, services: readonly string[], flags: CreateFlags) => create(branch, services, flags));
  addRegistryFlags(creating, { place: false });
  const removing = worktree
    .command('remove')
    .description('Release what a worktree holds, and have git remove it.')
    .argument('<worktree>', 'its path or its branch')
    .option('--force', 'even though uncommitted changes are lost')
    .option('--conversation <id>', 'the conversation on whose behalf it is')
    .addHelpText('after', removeHelp)
    .action((named: string, flags: RemoveFlags) => remove(named, flags));
  addRegistryFlags(removing, { place: false });
}

async function create(branch: string, services: readonly string[], flags: CreateFlags): Promise<void> {
  const { path, from } = flags;
  const wish = { branch, services: serviceNames(services), path, from };
  if (!isPortManagementEnabled(process.env)) {
    const { addWorktree } = await import('./add-worktree.ts');
    const { path, isNew: created, notes } = await addWorktree(process.cwd(), wish);
    const added = { path, branch, created, allocations: [], written: null, notes: [...notes, gitAlone] };
    return print(added, flags, showCreated);
  }
  await withRegistry(flags, async ({ client }) => {
    const { createWorktree } = await import('./create-worktree.ts');
    print(await createWorktree(process.cwd(), wish, { client, flags }), flags, showCreated);
  });
}

async function remove(named: string, flags: RemoveFlags): Promise<void> {
  const { force = false, host = null, conversation: conversationId } = flags;
  const { findLinkedWorktree } = await import('./find-linked-worktree.ts');
  const { removeFromDisk, removeWorktree } = await import('./remove-worktree.ts');
  const { findPlace } = await import('./place.ts');
  const worktree = await findLinkedWorktree(process.cwd(), named);
  if (!isPortManagementEnabled(process.env)) {
    await removeFromDisk(worktree, force);
    const { path, branch } = worktree;
    return print({ path, branch, released: [], warnings: [], notes: [gitAlone] }, flags, showRemoved);
  }
  await withRegistry(flags, async ({ client }) => {
    const { worktreePath } = await findPlace(process.cwd());
    const owner = { worktreePath, conversationId };
    print(await removeWorktree(worktree, { force, owner, host }, client), flags, showRemoved);
  });
}

const gitAlone = `${switchedOff} Git did its part.`;

/** As JSON, or as text with the notes on standard error. */
function print<Result extends { readonly notes: readonly string[] }>(
  result: Result,
  { json }: PlaceFlags,
  show: (result: Result, output: Output) => void,
): void {
  const output = openOutput();
  if (json) return void output.json(result);
  for (const note of result.notes) output.note(`wharfinger: ${note}`);
  show(result, output);
}

function showCreated({ path, branch, created, allocations, written }: CreatedWorktree, output: Output): void {
  if (!output.isTerminal) return void output.content(path);
  output.line(`${output.paint('bold', path)} is a worktree on ${branch}${created ? '' : ' already'}.`);
  for (const allocation of allocations) output.line(allocationLine(allocation, output));
  if (written) output.line(`${written.path} ${written.changed ? 'says so' : 'said so before'}.`);
}

function showRemoved({ path, released, warnings }: RemovedWorktree, output: Output): void {
  for (const { listener, message } of warnings) {
    const who =
      listener && `process ${listener.processId} still listens on ${listener.port}: stop it as it was started`;
    output.note(`wharfinger: warning: ${who ?? message}`);
  }
  const ports = released.map(({ port, serviceName }) => `${port} (${serviceName})`).join(', ');
  output.line(`${path} is removed.${ports ? ` Released: ${ports}.` : ' It held no port.'}`);
}
