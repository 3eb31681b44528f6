import { decided } from '../domain/decision.ts';
import { isRefusal, type NotFound } from '../domain/refusals.ts';
import type { Allocation } from '../domain/registry-model.ts';
import { decideWorktreeRemoval, type RemovedWorktree } from '../domain/worktrees.ts';
import type { RegistryContext } from './context.ts';
import { lookAfter } from './look-after.ts';
import { expectsNothing } from './operation.ts';
import { canonicalPath } from './owner-paths.ts';

/**
 * Removes a worktree from the registry and releases what it holds. Where something may listen on a port of it
 * still, the host has been looked at by the time that the caller is answered, unless that takes more than 2 s.
 */
export async function removeWorktree(
  context: RegistryContext,
  input: { readonly path: string; readonly host: string | null },
): Promise<RemovedWorktree | NotFound> {
  const hostName = input.host ?? context.hostName;
  const path = await canonicalPath(input.path, hostName === context.hostName);
  let held: Allocation[] = [];
  const outcome = await context.writer.submit({
    name: 'remove-worktree',
    hosts: [hostName],
    reads: { worktrees: [{ hostName, path, withAllocations: true }], services: [], ports: [] },
    expects: expectsNothing,
    decide: ({ ledger }) => {
      const worktree = ledger.worktreeAt(hostName, path);
      held = worktree ? ledger.heldIn(worktree.id) : [];
      return decided(decideWorktreeRemoval({ hostName, path }, ledger));
    },
  });
  if (!isRefusal(outcome)) await lookAfter(context, held);
  return outcome;
}
