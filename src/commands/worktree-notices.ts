import type { OwnerInput, RegistryClient } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { sayRefusal } from './say-refusal.ts';

/** A worktree that was made, as its maker knows it. */
export interface CreatedWorktree {
  /** Its absolute path. */
  readonly path: string;
  /** What the answer calls its path. Default: `path`. */
  readonly shortPath?: string | undefined;
  /** Null for a detached head. */
  readonly branch: string | null;
  readonly conversationId?: string | null | undefined;
  /** What it is a checkout of. Registered under this id, or brought up to date; what is null stays as it is there. */
  readonly codebase?: WorktreeCodebase | null | undefined;
  readonly host?: string | null | undefined;
}

export interface WorktreeCodebase {
  readonly id: string;
  readonly name: string;
  readonly repositoryUrl?: string | null | undefined;
  readonly defaultCwd?: string | null | undefined;
}

export interface RemovedWorktree {
  readonly path: string;
  readonly shortPath?: string | undefined;
  /** Whose it was: a party to the production and public ports that the worktree holds, which nobody else releases. */
  readonly conversationId?: string | null | undefined;
  readonly host?: string | null | undefined;
}

/** What became of a worktree's ports. */
export interface PortsOfWorktree {
  /** In the order of its services; those that were released, by number. */
  readonly ports: readonly number[];
  /** Why there are none; null where there are, or where there were none to release. */
  readonly problem: string | null;
}

/**
 * Gives a new worktree its port. Its codebase is registered first, which also gives one its name that a claim has
 * registered by its id alone. Where that cannot be, the worktree gets its port without it.
 */
export async function portsOfCreated(client: RegistryClient, made: CreatedWorktree): Promise<PortsOfWorktree> {
  const { codebase } = made;
  if (!codebase) return asPorts(await registerWorktree(client, made, null));
  const { id, name, repositoryUrl, defaultCwd } = codebase;
  await client.registerCodebase({
    ...{ id, name, repositoryUrl: repositoryUrl ?? undefined, defaultCwd: defaultCwd ?? undefined },
  });
  const first = await registerWorktree(client, made, id); // which refuses a codebase that could not be registered
  return asPorts(isRefusal(first) ? await registerWorktree(client, made, null) : first);
}

type Registered = Awaited<ReturnType<RegistryClient['registerWorktree']>>;

function registerWorktree(
  client: RegistryClient,
  { path, branch, conversationId, codebase, host }: CreatedWorktree,
  codebaseId: OwnerInput['codebaseId'],
): Promise<Registered> {
  const services =
    codebase && codebaseId === null && branch ? [{ serviceName: `${codebase.name}-${branch}` }] : undefined;
  return client.registerWorktree({ path, branch, conversationId, codebaseId, host, services });
}

const asPorts = (result: Registered): PortsOfWorktree =>
  isRefusal(result)
    ? { ports: [], problem: sayRefusal(result) }
    : { ports: result.allocations.map(({ port }) => port), problem: null };

/** Releases what a removed worktree held: all of it or nothing. One that was never registered held nothing. */
export async function portsOfRemoved(
  client: RegistryClient,
  { path, conversationId, host }: RemovedWorktree,
): Promise<PortsOfWorktree> {
  const result = await client.removeWorktree({ path, host, owner: { conversationId } });
  if (!isRefusal(result)) return { ports: result.released.map(({ port }) => port), problem: null };
  return { ports: [], problem: result.__typename === 'NotFound' ? null : sayRefusal(result) };
}
