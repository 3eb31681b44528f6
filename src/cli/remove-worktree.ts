import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Conflict, isRefusal, type PortAllocation, type RegistryClient } from '../client/client.ts';
import { AmbiguousBlock, hashFence, takeBlockOut } from './fenced-block.ts';
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
  const ours = force ? null : await checkChanges(worktree);
  const result = await client.removeWorktree({ path, host });
  if (isRefusal(result) && result.__typename !== 'NotFound') throw new Error(result.message);
  const removed = isRefusal(result) ? null : result; // one that was never registered held nothing
  try {
    if (ours) await rm(ours.path);
    await removeFromDisk(worktree, force);
  } catch (error) {
    if (ours) await writeFile(ours.path, ours.text);
    if (removed) await holdAgain(removed, client, error);
    throw error;
  }
  return { path, branch, released: removed?.released ?? [], warnings: removed?.warnings ?? [], notes: [] };
}

/** A file that has nothing but what Wharfinger wrote. */
interface OurFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Throws where changes would be lost that are not committed. Where the only one is the file that Wharfinger wrote, which
 * git would not remove a worktree with either, answers that; else null.
 */
async function checkChanges({ path, exists }: LinkedWorktree): Promise<OurFile | null> {
  if (!exists) return null;
  const changed = (await runGit(path, 'status', '--porcelain', '-z')).split('\0').filter(Boolean);
  if (changed.length === 0) return null;
  const entry = `?? ${environmentFile}`;
  const other = changed.find((change) => change !== entry);
  const ours = other === undefined && (await readOurFile(join(path, environmentFile)));
  if (ours) return ours;
  const named = (other ?? entry).slice(3);
  const more = changed.length > 1 ? ` and ${changed.length - 1} more` : '';
  throw new Error(
    `${path} has changes that are not committed (${named}${more}): commit them, or lose them with --force.`,
  );
}

const environmentFile = '.env.local';

/** Null where there is more in it. */
async function readOurFile(path: string): Promise<OurFile | null> {
  const text = await readFile(path, 'utf8');
  try {
    return takeBlockOut(text, hashFence).trim() === '' ? { path, text } : null;
  } catch (error) {
    if (error instanceof AmbiguousBlock) return null;
    throw error;
  }
}

/** Has git remove a worktree, on disk or in its own books alone where it is gone. */
export async function removeFromDisk({ path, mainPath }: LinkedWorktree, force: boolean): Promise<void> {
  await runGit(mainPath, 'worktree', 'remove', ...(force ? ['--force'] : []), path);
}
