import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type GitWorktree, readGitWorktrees } from '../observer/git-worktrees.ts';
import { explain, UsageMistake } from './fail.ts';
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
  /** False where git had it already, at this path and on this branch. */
  readonly isNew: boolean;
  /** What somebody should know, a sentence each. */
  readonly notes: readonly string[];
  /** Takes away what was made: the worktree and, if it is new, the branch. */
  undo(): Promise<void>;
}

/**
 * Has git make a worktree, from any directory of the repository. Asked again, it answers the same one. Throws with git's
 * complaint, and then leaves nothing behind.
 */
export async function addWorktree(directory: string, wish: WorktreeWish): Promise<AddedWorktree> {
  const { branch } = wish;
  const begin = await checkNames(directory, wish);
  const known = await readGitWorktrees(directory);
  const [main] = known;
  const path = await realTarget(wish.path ? resolve(directory, wish.path) : await usualPath(directory, branch, main));
  const target = { path, branch };
  const old = { path, isNew: false, notes: [], undo: async () => undefined };
  if (known.some((worktree) => isAt(worktree, target))) {
    await untilMade(directory, target);
    return old;
  }
  const { isLocal, isRemote } = await whereKnown(directory, branch);
  if ((isLocal || isRemote) && begin !== null) {
    throw new UsageMistake(`The branch ${branch} exists already: leave out --from, or name another branch.`);
  }
  const source = isLocal || isRemote ? [path, branch] : ['-b', branch, path, ...(begin === null ? [] : [begin])];
  const dropBranch = async () => {
    // Git refuses it where somebody else has checked it out meanwhile.
    if (!isLocal) await askGit(directory, 'branch', '-D', '--', branch);
  };
  const undo = async () => {
    await runGit(directory, 'worktree', 'remove', '--force', path);
    await dropBranch();
  };
  try {
    await runGit(directory, 'worktree', 'add', '--quiet', ...source);
  } catch (error) {
    const isThere = (await readGitWorktrees(directory)).some((worktree) => isAt(worktree, target));
    if (!isThere) {
      await dropBranch();
      throw error;
    }
    if (isRefusalOfGit(error)) {
      await untilMade(directory, target); // by somebody else
      return old;
    }
    // Git keeps it as well.
    const notes = [`The worktree is made, but a post-checkout hook of the repository failed: ${explain(error)}`];
    return { path, isNew: true, notes, undo };
  }
  return { path, isNew: true, notes: [], undo };
}

/** Answers the commit to begin at. Names may come from agents: none is taken for a flag of git. */
async function checkNames(directory: string, { branch, from }: WorktreeWish): Promise<string | null> {
  const checked = branch.startsWith('-') ? null : await askGit(directory, 'check-ref-format', '--branch', branch);
  if (checked !== branch) {
    throw new UsageMistake(`${JSON.stringify(branch)} is no name for a branch: git check-ref-format says which are.`);
  }
  if (from === undefined) return null;
  const commit = await askGit(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${from}^{commit}`);
  if (commit === null) throw new UsageMistake(`There is no commit ${JSON.stringify(from)} to begin a branch at.`);
  return commit;
}

type Target = Pick<GitWorktree, 'path' | 'branch'>;

const isAt = ({ path, branch, prunable }: GitWorktree, target: Target) =>
  path === target.path && branch === target.branch && prunable === null;

const pollMs = 100;
const patienceMs = 5_000;

/** Waits for a git that is still at it. One that was killed leaves a worktree without all of its files. */
async function untilMade(directory: string, target: Target): Promise<void> {
  for (let waited = 0; waited <= patienceMs; waited += pollMs) {
    const worktrees = await readGitWorktrees(directory); // again each time
    if (!worktrees.some((worktree) => isAt(worktree, target) && worktree.locked === 'initializing')) return;
    await delay(pollMs);
  }
  throw new Error(
    `git began to make ${target.path} and did not end: if no git is at work there, run \`git worktree remove -f -f ${target.path}\`, and try again.`,
  );
}

/** The path with the real one of the directory that it is to be made in, as git will list it. */
async function realTarget(path: string): Promise<string> {
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch {
    return path; // git makes the directories on the way
  }
}

/** Beside the main worktree, or the bare repository; in the project's directory where the repository is hidden in that. */
async function usualPath(directory: string, branch: string, main: GitWorktree | undefined): Promise<string> {
  const isSubmodule = main?.path.includes(`${sep}.git${sep}`); // git names its repository, inside of the other's
  const topLevel = isSubmodule ? await askGit(directory, 'rev-parse', '--show-toplevel') : null;
  const home = topLevel ?? main?.path ?? directory;
  const name = branch.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'worktree';
  const repository = basename(home, '.git');
  return join(dirname(home), repository.startsWith('.') ? name : `${repository}-${name}`);
}

/** Whether there is the branch, or `git worktree add` finds it at a remote. */
async function whereKnown(directory: string, branch: string) {
  const [local, remote] = await Promise.all([
    askGit(directory, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`),
    askGit(directory, 'for-each-ref', '--format=%(refname)', `refs/remotes/*/${branch}`),
  ]);
  return { isLocal: local !== null, isRemote: remote?.split('\n').length === 1 };
}
