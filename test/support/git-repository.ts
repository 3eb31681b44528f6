import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from './temporary-directory.ts';

const execute = promisify(execFile);

/** A real repository with one commit, in a directory of its own. */
export interface GitRepository {
  /** Its main worktree, or the bare repository; real. */
  readonly path: string;
  git(...parameters: string[]): Promise<string>;
  /** Adds a worktree beside it, on a new branch or detached; answers its real path. */
  add(name: string, options?: { readonly branch?: string }): Promise<string>;
}

const settings = ['user.name=Ada', 'user.email=ada@example.com', 'init.defaultBranch=main', 'commit.gpgsign=false'];

/** Made with `git init`, and removed when the test ends. */
export async function createRepository({ isBare = false } = {}): Promise<GitRepository> {
  const home = await realpath(await temporaryDirectory());
  const seed = join(home, 'shop');
  await run(home, 'init', '--quiet', seed);
  await run(seed, 'commit', '--quiet', '--allow-empty', '--message', 'Begin');
  const path = isBare ? join(home, 'shop.git') : seed;
  if (isBare) await run(home, 'clone', '--quiet', '--bare', seed, path);
  return {
    path,
    git: (...parameters) => run(path, ...parameters),
    async add(name, { branch } = {}) {
      const target = join(home, name);
      await run(path, 'worktree', 'add', '--quiet', ...(branch ? ['-b', branch] : ['--detach']), target);
      return target;
    },
  };
}

async function run(directory: string, ...parameters: string[]): Promise<string> {
  const configured = settings.flatMap((setting) => ['-c', setting]);
  const { stdout } = await execute('git', ['-C', directory, ...configured, ...parameters]);
  return stdout;
}
