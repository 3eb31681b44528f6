import { isRefusal, type PortAllocation, type RegistryClient, type Worktree } from '../client/client.ts';
import { explain } from './fail.ts';

/** A worktree as it was when the registry removed it. */
export interface Removed {
  readonly worktree: Worktree;
  readonly released: readonly PortAllocation[];
}

/**
 * Takes back the removal of a worktree: the same services hold the same ports, which rest, so that nobody else was given
 * one. A worktree that held nothing stays removed. Throws where a port cannot be had, with what made it necessary.
 */
export async function holdAgain(
  { worktree, released }: Removed,
  client: RegistryClient,
  cause: unknown,
): Promise<void> {
  if (released.length === 0) return;
  try {
    const claims = await Promise.all(released.map((allocation) => client.registerPort(claimFor(allocation, worktree))));
    throwRefusal(claims.find(isRefusal));
    const { path, branch, conversationId, codebase, host } = worktree;
    const place = { path, branch, conversationId, codebaseId: codebase?.id, host: host.name };
    throwRefusal([await client.registerWorktree(place)].find(isRefusal));
  } catch (error) {
    const ports = released.map(({ port }) => port).join(', ');
    throw new Error(
      `${explain(cause)} It had been released, and not all of ${ports} could be held again: ${explain(error)}`,
    );
  }
}

function throwRefusal(refusal: { readonly message: string } | undefined): void {
  if (refusal) throw new Error(refusal.message);
}

function claimFor(allocation: PortAllocation, { path }: Worktree) {
  const { port, serviceName, environment, description, metadata, publicHostnames, host, codebase, conversationId } =
    allocation;
  return {
    ...{ port, serviceName, environment, description, metadata, publicHostnames, host: host.name },
    owner: { worktreePath: path, codebaseId: codebase?.id, conversationId },
    force: true, // in whatever range it was
  };
}
