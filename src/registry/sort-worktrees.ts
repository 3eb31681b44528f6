import { join } from 'node:path';
import { findUnprintable, replaceUnprintable } from '../domain/printable.ts';
import { InvalidInput } from '../domain/refusals.ts';
import type { GitWorktree } from '../observer/git-worktrees.ts';
import type { RegistryContext } from './context.ts';
import { lookAtPaths } from './look-at-paths.ts';
import { claimedWorktree } from './owner-paths.ts';

/** A worktree that git lists and that is not registered. */
export interface SkippedWorktree {
  readonly path: string;
  /** Why not, and what could be done about it. */
  readonly explanation: string;
}

type PathContext = Pick<RegistryContext, 'hostName' | 'paths'>;

/** A worktree's canonical path, and what is checked out there. */
type WorktreeOnDisk = Pick<GitWorktree, 'path' | 'branch'>;

/** Tells the worktrees that are on this host's disk, each once, from those that are not or cannot be registered. */
export async function sortWorktrees(
  context: PathContext,
  listed: readonly GitWorktree[],
): Promise<{ onDisk: WorktreeOnDisk[]; skipped: SkippedWorktree[] }> {
  const sights = await lookAtPaths(
    context,
    listed.map(({ path }) => path),
  );
  const onDisk = new Map<string, WorktreeOnDisk>();
  const skipped: SkippedWorktree[] = [];
  for (const worktree of listed) {
    const exists = sights.get(worktree.path)?.exists ?? false;
    const found = reasonToSkip(worktree, exists) ?? (await settle(context, worktree)); // of up to 500, each answers in a millisecond
    if (typeof found === 'string') skipped.push({ path: printable(worktree.path), explanation: found });
    else if (!onDisk.has(found.path)) onDisk.set(found.path, found);
  }
  return { onDisk: [...onDisk.values()], skipped };
}

function reasonToSkip({ path, branch, isBare, prunable, locked }: GitWorktree, exists: boolean): string | undefined {
  if (isBare) return 'It is a bare repository: no files are checked out in it.';
  if (!exists && locked !== null) {
    const reason = locked === '' ? '' : ` (${printable(locked)})`;
    return `There is no checkout of it on this host's disk, and it is locked${reason}: it may be on a volume that is not mounted.`;
  }
  if (prunable !== null || !exists) {
    return "There is no checkout of it on this host's disk: if it is gone for good, `git worktree prune` makes git forget it.";
  }
  if (/\p{Cc}/u.test(path)) return 'Its path has control characters, which are not kept: move it (git worktree move).';
  const found = branch && findUnprintable(branch);
  if (found) return `The name of its branch contains ${found}, which cannot be printed: rename it (git branch -m).`;
  return undefined;
}

/** The worktree under its canonical path, or why it has none. */
async function settle(context: PathContext, { path, branch }: GitWorktree): Promise<WorktreeOnDisk | string> {
  const { kind } = await context.paths.find(join(path, '.git'));
  if (kind !== 'directory' && kind !== 'other') {
    return 'git names the directory of the repository here, not the checkout, as it does for a submodule: register the checkout by its path (registerWorktree).';
  }
  try {
    const named = { path, hostName: context.hostName, field: [] };
    return { path: (await claimedWorktree(context, named)).path, branch };
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
}

const longestText = 1_024;

const printable = (text: string) => replaceUnprintable(text.toWellFormed(), ' ').slice(0, longestText);
