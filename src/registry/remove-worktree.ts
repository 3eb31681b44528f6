import { decided } from '../domain/decision.ts';
import type { Owner } from '../domain/owner.ts';
import { isRefusal, type NotFound, type NotOwner } from '../domain/refusals.ts';
import type { Allocation } from '../domain/registry-model.ts';
import { decideWorktreeRemoval, type RemovedWorktree } from '../domain/worktrees.ts';
import type { RegistryContext } from './context.ts';
import { lookAfter } from './look-after.ts';
import { expectsNothing } from './operation.ts';
import { canonicalOwner, canonicalPath } from './owner-paths.ts';

export interface RemoveWorktreeInput {
  readonly path: string;
  readonly host: string | null;
  readonly owner: Owner;
  readonly force: boolean;
}

/**
 * Removes a worktree from the registry and releases what it holds. Where something may listen on a port of it
 * still, the host has been looked at by the time that the caller is answered, unless that takes more than 2 s.
 */
export async function removeWorktree(
  context: RegistryContext,
  input: RemoveWorktreeInput,
): Promise<RemovedWorktree | NotFound | NotOwner> {
  const hostName = input.host ?? context.hostName;
  const path = await canonicalPath(context, { path: input.path, hostName, field: ['path'] });
  const owner = await canonicalOwner(context, input.owner, hostName);
  let held: Allocation[] = [];
  const outcome = await context.writer.submit({
    name: 'remove-worktree',
    hosts: [hostName],
    reads: { worktrees: [{ hostName, path, withAllocations: true }], services: [], ports: [] },
    expects: expectsNothing,
    decide: ({ ledger }) => {
      const worktree = ledger.worktreeAt(hostName, path);
      held = worktree ? ledger.heldIn(worktree.id) : [];
      return decided(decideWorktreeRemoval({ ...input, hostName, path, owner }, ledger));
    },
  });
  if (!isRefusal(outcome)) await lookAfter(context, held);
  return outcome;
}
