import { type Conflict, isRefusal, type PortAllocation, type RegistryClient } from '../client/client.ts';
import type { LinkedWorktree } from './find-linked-worktree.ts';
import { runGit } from './git.ts';
import { holdAgain } from './hold-again.ts';

/** What became of a worktree that was to go. */
export interface RemovedWorktree {
  readonly path: string;
  readonly branch: string | null;
  readonly released: readonly PortAllocation[];
  readonly warnings: readonly Conflict[];
  /** What somebody should know, a sentence each. */
  readonly notes: readonly string[];
}

interface Removal {
  /** Whether changes that are not committed may be lost. */
  readonly force: boolean;
  readonly host: string | null;
}

/**
 * Releases what a worktree holds and has git remove it. The registry comes first, since that can be undone: where git
 * refuses, the same ports are held again. Throws with what stands against it.
 */
export async function removeWorktree(
  worktree: LinkedWorktree,
  { force, host }: Removal,
  client: RegistryClient,
): Promise<RemovedWorktree> {
  const { path, branch } = worktree;
  await checkRemoval(worktree, force);
  const result = await client.removeWorktree({ path, host });
  if (isRefusal(result) && result.__typename !== 'NotFound') throw new Error(result.message);
  const removed = isRefusal(result) ? null : result; // one that was never registered held nothing
  try {
    await removeFromDisk(worktree, force);
  } catch (error) {
    if (removed) await holdAgain(removed, client, error);
    throw error;
  }
  return { path, branch, released: removed?.released ?? [], warnings: removed?.warnings ?? [], notes: [] };
}

/** Throws where git would refuse it because of what would be lost. */
export async function checkRemoval({ path, exists }: LinkedWorktree, force: boolean): Promise<void> {
  if (!exists || force) return;
  const changed = (await runGit(path, 'status', '--porcelain', '-z')).split('\0').filter(Boolean);
  const [first] = changed;
  if (first === undefined) return;
  const others = changed.length > 1 ? ` and ${changed.length - 1} more` : '';
  throw new Error(
    `${path} has changes that are not committed (${first.slice(3)}${others}): commit them, or lose them with --force.`,
  );
}

/** Has git remove a worktree, on disk or in its own books alone where it is gone. */
export async function removeFromDisk({ path, mainPath }: LinkedWorktree, force: boolean): Promise<void> {
  await runGit(mainPath, 'worktree', 'remove', ...(force ? ['--force'] : []), path);
}
