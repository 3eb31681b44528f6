import { access } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { RegistryClient } from '../client/client.ts';
import { type AddedWorktree, addWorktree, type WorktreeWish } from './add-worktree.ts';
import { explain } from './fail.ts';
import { type FurnishedWorktree, furnishWorktree } from './furnish-worktree.ts';
import { interruptible } from './interruption.ts';
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

interface Registry {
  readonly client: RegistryClient;
  readonly flags: PlaceFlags;
}

/**
 * Has git make a worktree, gives it its ports and writes them into its `.env.local`. Where it gets no ports, or a signal
 * comes, what git made is taken away again. Throws with what stands against it.
 */
export function createWorktree(
  directory: string,
  { services, ...wish }: NewWorktree,
  registry: Registry,
): Promise<CreatedWorktree> {
  return interruptible(
    () => addWorktree(directory, wish),
    async (added, interruption) => {
      try {
        return await Promise.race([furnish(added, { services, ...wish }, registry), interruption]);
      } catch (error) {
        if (added.isNew) await takeAway(added, registry, error);
        throw error;
      }
    },
  );
}

async function furnish(
  { path, isNew, notes }: AddedWorktree,
  { branch, services }: NewWorktree,
  { client, flags }: Registry,
): Promise<CreatedWorktree> {
  const place = await readPlace({ ...flags, worktree: path }, client);
  const { worktree, ...furnished } = await furnishWorktree(services, place, client);
  await checkStillThere(path);
  return { path: worktree.path, branch, created: isNew, ...furnished, notes: [...notes, ...furnished.notes] };
}

/** Whoever made it may have been refused, and have taken it away. */
async function checkStillThere(path: string): Promise<void> {
  try {
    await access(path);
  } catch {
    throw new Error(`${path} was taken away by whoever made it at the same time: try again.`);
  }
}

/** Longer than a registry takes that answers. Of one that does not, the cleanup finds the worktree gone. */
const patienceMs = 2_000;

/** The ports may be given though the answer was lost or not waited for. */
async function takeAway({ path, undo }: AddedWorktree, { client, flags }: Registry, cause: unknown): Promise<void> {
  const removal = client.removeWorktree({ path, host: flags.host }).catch(() => undefined);
  await Promise.race([removal, delay(patienceMs, undefined, { ref: false })]);
  try {
    await undo();
  } catch (error) {
    throw new Error(`${explain(cause)} The worktree ${path} was left behind: ${explain(error)}`);
  }
}
