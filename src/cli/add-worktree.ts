import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type GitWorktree, readGitWorktrees } from '../observer/git-worktrees.ts';
import { askGit, isRefusalOfGit, runGit } from './git.ts';

/** A worktree to be made by git. */
export interface WorktreeWish {
  /** Checked out where it exists, here or at exactly one remote; else made. */
  readonly branch: string;
  /** Where to put it. Default: beside the main worktree, `shop-feature-cart` for `feature/cart` of `shop`. */
  readonly path?: string | undefined;
  /** The commit that a new branch begins at. Default: the current one. */
  readonly from?: string | undefined;
}

/** A worktree that is on disk. */
export interface AddedWorktree {
  /** Its real path. */
  readonly path: string;
  readonly branch: string;
  /** False where git had it already, at this path and on this branch. */
  readonly isNew: boolean;
  /** Takes away what was made: the worktree and, if it is new, the branch. */
  undo(): Promise<void>;
}

/**
 * Has git make a worktree, from any directory of the repository. Asked again, it answers the same one. Throws with git's
 * complaint, and then leaves nothing behind.
 */
export async function addWorktree(directory: string, { branch, path, from }: WorktreeWish): Promise<AddedWorktree> {
  const known = await readGitWorktrees(directory);
  const target = await realTarget(path ? resolve(directory, path) : usualPath(known[0]?.path ?? directory, branch));
  const old: AddedWorktree = { path: target, branch, isNew: false, undo: async () => undefined };
  const isThere = (worktree: GitWorktree) =>
    worktree.path === target && worktree.branch === branch && worktree.prunable === null;
  if (known.some(isThere)) return old;
  const isKnown = await knowsBranch(directory, branch);
  if (isKnown && from !== undefined) {
    throw new Error(`The branch ${branch} exists already: leave out --from, or name another branch.`);
  }
  const source = isKnown ? [target, branch] : ['-b', branch, target, ...(from === undefined ? [] : [from])];
  const undo = async () => {
    await runGit(directory, 'worktree', 'remove', '--force', target);
    if (!isKnown) await runGit(directory, 'branch', '-D', branch);
  };
  try {
    await runGit(directory, 'worktree', 'add', '--quiet', ...source);
  } catch (error) {
    if (!(await readGitWorktrees(directory)).some(isThere)) throw error;
    if (isRefusalOfGit(error)) return old; // somebody else has just made it
    await undo(); // a hook of the repository failed
    throw error;
  }
  return { path: target, branch, isNew: true, undo };
}

/** The path with the real one of the directory that it is to be made in, as git will list it. */
async function realTarget(path: string): Promise<string> {
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch {
    return path; // git makes the directories on the way
  }
}

/** Beside the main worktree, or the bare repository. */
function usualPath(mainPath: string, branch: string): string {
  const name = branch.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return join(dirname(mainPath), `${basename(mainPath, '.git')}-${name || 'worktree'}`);
}

/** Whether `git worktree add` finds the branch by its name. */
async function knowsBranch(directory: string, branch: string): Promise<boolean> {
  const [local, remote] = await Promise.all([
    askGit(directory, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`),
    askGit(directory, 'for-each-ref', '--format=%(refname)', `refs/remotes/*/${branch}`),
  ]);
  return local !== null || remote?.split('\n').length === 1;
}
