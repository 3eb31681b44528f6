import { access, constants, mkdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EditedFile, editFile } from './edit-file.ts';
import { askGit, askRepository } from './git.ts';
import { type HookCall, hookCommand, withHook, withoutHook } from './hook-text.ts';
import { FileRefused } from './replace-file.ts';

const hook = 'hooks/post-checkout';

/**
 * Gives the repository around a directory a post-checkout hook that gives new worktrees their ports, or the hook that
 * it has a block that does. Throws a FileRefused, with what to do instead, where that cannot be done without harm.
 */
export async function installHook(directory: string, services: readonly string[]): Promise<EditedFile> {
  const call: HookCall = { program: thisProgram(), services };
  const { common, used } = await findHooks(directory);
  if (used !== join(common, 'hooks')) {
    throw new FileRefused(
      `git takes this repository's hooks from ${used} (core.hooksPath), which other repositories may share and new worktrees may lack: ${instead(call)}`,
    );
  }
  await mkdir(used, { recursive: true });
  return editFile(
    common,
    hook,
    async (bytes, path) => {
      if (bytes !== null) await refuseDormant(path);
      const text = withHook(bytes, call);
      if (text !== undefined) return text;
      throw new FileRefused(`${path} is no shell script that could take a block: ${instead(call)}`);
    },
    { isExecutable: true },
  );
}

/** Takes out what `installHook` put into the repository around a directory. Throws a FileRefused where that cannot be told. */
export async function removeHook(directory: string): Promise<EditedFile> {
  const { common } = await findHooks(directory);
  return editFile(common, hook, (bytes) => (bytes === null ? null : withoutHook(bytes)));
}

/** The directory that all worktrees share, and the one that git takes hooks from. */
async function findHooks(directory: string): Promise<{ readonly common: string; readonly used: string }> {
  const [common, used] = await Promise.all([
    askRepository(directory, 'rev-parse', '--git-common-dir'),
    askGit(directory, 'rev-parse', '--git-path', 'hooks'),
  ]);
  if (common && used) return { common: resolve(directory, common), used: resolve(directory, used) };
  throw new FileRefused(`${directory} is in no git repository: go to one.`);
}

/** Git passes over a hook that may not be run; with a block it would run, and all else that is in it. */
async function refuseDormant(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await access(path, constants.X_OK);
  } catch {
    throw new FileRefused(`${path} is not executable, so git does not run it: make it so, or delete it.`);
  }
}

const instead = (call: HookCall) =>
  `make worktrees with \`wharfinger worktree create\`, or have a post-checkout hook run this where its first argument is all zeros: ${hookCommand(call)}`;

/** As this process was started. */
function thisProgram(): string[] {
  const main = new URL(`./main${extname(import.meta.url)}`, import.meta.url);
  return [process.execPath, ...process.execArgv, fileURLToPath(main)];
}
