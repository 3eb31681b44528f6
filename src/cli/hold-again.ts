import { isRefusal, type PortAllocation, type RegistryClient, type Worktree } from '../client/client.ts';
import { explain } from './fail.ts';

/** A worktree as it was when the registry removed it. */
export interface Removed {
  readonly worktree: Worktree;
  readonly released: readonly PortAllocation[];
}

/**
 * Takes back the removal of a worktree: the same services hold the same ports, which rest, so that nobody else was given
 * one. A worktree that held nothing stays removed. Throws with what made it necessary, and which ports could not be had.
 */
export async function holdAgain(
  { worktree, released }: Removed,
  client: RegistryClient,
  cause: unknown,
): Promise<void> {
  if (released.length === 0) return;
  const lost = await Promise.all(released.map((allocation) => reasonAgainst(allocation, worktree, client)));
  const { path, branch, conversationId, codebase, host } = worktree;
  const place = { path, branch, conversationId, codebaseId: codebase?.id, host: host.name };
  const reasons = lost.filter((reason) => reason !== null);
  if (reasons.length === released.length) throw lostPorts(cause, reasons);
  await client.registerWorktree(place); // its branch and conversation; it holds a port, and is given none
  if (reasons.length > 0) throw lostPorts(cause, reasons);
}

const lostPorts = (cause: unknown, reasons: readonly string[]) =>
  new Error(`${explain(cause)} It had been released, and could not be held again: ${reasons.join(' ')}`);

/** Why a port is not held again; null where it is. */
async function reasonAgainst(
  allocation: PortAllocation,
  worktree: Worktree,
  client: RegistryClient,
): Promise<string | null> {
  try {
    const result = await client.registerPort(claimFor(allocation, worktree));
    return isRefusal(result) ? `${allocation.port}: ${result.message}` : null;
  } catch (error) {
    return `${allocation.port}: ${explain(error)}`;
  }
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
