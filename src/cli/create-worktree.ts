import type { RegistryClient } from '../client/client.ts';
import { type AddedWorktree, addWorktree, type WorktreeWish } from './add-worktree.ts';
import { explain } from './fail.ts';
import { type FurnishedWorktree, furnishWorktree } from './furnish-worktree.ts';
import { type PlaceFlags, readPlace } from './session.ts';

/** A worktree to be made, and the services that want a port in it. */
export interface NewWorktree extends WorktreeWish {
  readonly services: readonly string[];
}

/** A worktree that is on disk and has its ports. */
export interface CreatedWorktree extends Omit<FurnishedWorktree, 'worktree'> {
  readonly path: string;
  readonly branch: string;
  /** False where it was there already. */
  readonly created: boolean;
}

/**
 * Has git make a worktree, gives it its ports and writes them into its `.env.local`. Where it gets no ports, what git made
 * is taken away again. Throws with what stands against it.
 */
export async function createWorktree(
  directory: string,
  { services, ...wish }: NewWorktree,
  { client, flags }: { readonly client: RegistryClient; readonly flags: PlaceFlags },
): Promise<CreatedWorktree> {
  const added = await addWorktree(directory, wish);
  const { path, branch, isNew: created } = added;
  try {
    const place = await readPlace({ ...flags, worktree: path }, client);
    const { worktree, ...furnished } = await furnishWorktree(services, place, client);
    return { path: worktree.path, branch, created, ...furnished };
  } catch (error) {
    if (created) await takeAway(added, { client, flags }, error);
    throw error;
  }
}

/** The registry may have given ports all the same, if its answer was lost; where it is gone, its cleanup will find out. */
async function takeAway(
  { path, undo }: AddedWorktree,
  { client, flags: { host } }: { readonly client: RegistryClient; readonly flags: PlaceFlags },
  cause: unknown,
): Promise<void> {
  await client.removeWorktree({ path, host }).catch(() => undefined);
  try {
    await undo();
  } catch (error) {
    throw new Error(`${explain(cause)} The worktree ${path} was left behind: ${explain(error)}`);
  }
}
