import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Conflict,
  isRefusal,
  type OwnerInput,
  type PortAllocation,
  type RegistryClient,
} from '../client/client.ts';
import { AmbiguousBlock, hashFence, takeBlockOut } from './fenced-block.ts';
import type { LinkedWorktree } from './find-linked-worktree.ts';
import { askGit, runGit } from './git.ts';
import { holdAgain } from './hold-again.ts';
import { Refused, type ToldRefusal } from './refused.ts';

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
  /** Whether changes that are not committed may be lost. Of ports it says nothing. */
  readonly force: boolean;
  readonly owner: OwnerInput;
  readonly host: string | null;
}

/**
 * Releases what a worktree holds and has git remove it. The registry comes first, since that can be undone: where git
 * refuses, the same ports are held again. Throws with what stands against it.
 */
export async function removeWorktree(
  worktree: LinkedWorktree,
  { force, owner, host }: Removal,
  client: RegistryClient,
): Promise<RemovedWorktree> {
  const { path, branch } = worktree;
  const ours = force ? null : await checkChanges(worktree);
  const result = await client.removeWorktree({ path, host, owner });
  if (isRefusal(result) && result.__typename !== 'NotFound') throw new Refused(withRemedy(result));
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

/** `--force` is about files here, so a port that is not the caller's is released by itself first. */
function withRemedy(refusal: ToldRefusal): ToldRefusal {
  if (refusal.__typename !== 'NotOwner' || !refusal.holder) return refusal;
  const remedy = `The --force of this command discards files and releases no ports: run \`wharfinger release ${refusal.holder.port} --force\` first.`;
  return { ...refusal, message: `${refusal.message} ${remedy}` };
}

/** A file that has nothing but what Wharfinger wrote. */
interface OurFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Throws where something would be lost that is not committed; as with git, what is ignored goes, but for lines of somebody's own
 * in the file that Wharfinger writes to. Where there is nothing in that but Wharfinger's, which keeps git from removing the
 * worktree as any untracked file does, answers it; else null.
 */
async function checkChanges({ path, exists }: LinkedWorktree): Promise<OurFile | null> {
  if (!exists) return null;
  const changed = (await runGit(path, 'status', '--porcelain', '-z', '--untracked-files=all'))
    .split('\0')
    .filter(Boolean);
  const others = changed.filter((change) => change !== `?? ${environmentFile}`);
  const text = await readFile(join(path, environmentFile), 'utf8').catch(() => null);
  if (others.length === 0 && text !== null && isOurs(text)) return { path: join(path, environmentFile), text };
  const isLost = text !== null && (others.length < changed.length || (await isIgnored(path)));
  const lost = [...others.map((change) => change.slice(3)), ...(isLost && !isOurs(text) ? [environmentFile] : [])];
  const [first] = lost;
  if (first === undefined) return null;
  const more = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
  throw new Error(
    `${path} has what is not committed (${first}${more}): commit it, copy it elsewhere, or lose it with --force.`,
  );
}

const environmentFile = '.env.local';

const isIgnored = async (path: string) => (await askGit(path, 'check-ignore', '--', environmentFile)) !== null;

function isOurs(text: string): boolean {
  try {
    return takeBlockOut(text, hashFence).trim() === '';
  } catch (error) {
    if (error instanceof AmbiguousBlock) return false;
    throw error;
  }
}

/** Has git remove a worktree, on disk or in its own books alone where it is gone. */
export async function removeFromDisk({ path, mainPath }: LinkedWorktree, force: boolean): Promise<void> {
  await runGit(mainPath, 'worktree', 'remove', ...(force ? ['--force'] : []), path);
}
