import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { readGitWorktrees } from '../observer/git-worktrees.ts';
import { UsageMistake } from './fail.ts';

/** A worktree beside the main one, as git lists it. */
export interface LinkedWorktree {
  readonly path: string;
  readonly branch: string | null;
  /** The main worktree, or the bare repository: from there git takes it away. */
  readonly mainPath: string;
  /** Whether it is on disk. */
  readonly exists: boolean;
}

/** The worktree that a path or a branch names. Throws where there is none, and where git would not remove it. */
export async function findLinkedWorktree(directory: string, named: string): Promise<LinkedWorktree> {
  const [main, ...linked] = await readGitWorktrees(directory);
  const given = resolve(directory, named);
  const path = await realpath(given).catch(() => given);
  const found = linked.find((other) => other.path === path) ?? linked.find(({ branch }) => branch === named);
  if (!main || !found) throw new UsageMistake(whyNone(named, path === main?.path || named === main?.branch));
  const inner = linked.find((other) => other.path.startsWith(found.path + sep) && other.prunable === null);
  if (inner) throw new Error(`The worktree ${inner.path} lies inside of ${found.path}: remove or move that one first.`);
  if (found.locked !== null) throw new Error(whyLocked(found.path, found.locked));
  return { path: found.path, branch: found.branch, mainPath: main.path, exists: found.prunable === null };
}

function whyLocked(path: string, reason: string): string {
  if (reason === 'initializing') {
    return `git began to make ${path} and did not end: if no git is at work there, run \`git worktree remove -f -f ${path}\`.`;
  }
  return `${path} is locked${reason ? ` (${reason})` : ''}: run \`git worktree unlock ${path}\` first.`;
}

function whyNone(named: string, isMain: boolean): string {
  if (isMain) return `${named} is the main worktree, which git does not remove: name another one.`;
  return `This repository has no worktree ${named}: name its path or its branch, as \`git worktree list\` shows them.`;
}
