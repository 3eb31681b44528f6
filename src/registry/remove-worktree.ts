import { decided } from '../domain/decision.ts';
import type { NotFound } from '../domain/refusals.ts';
import { decideWorktreeRemoval, type RemovedWorktree } from '../domain/worktrees.ts';
import type { RegistryContext } from './context.ts';
import { expectsNothing } from './operation.ts';
import { canonicalPath } from './owner-paths.ts';

/** Removes a worktree from the registry and releases what it holds. */
export async function removeWorktree(
  context: RegistryContext,
  input: { readonly path: string; readonly host: string | null },
): Promise<RemovedWorktree | NotFound> {
  const hostName = input.host ?? context.hostName;
  const path = await canonicalPath(input.path, hostName === context.hostName);
  return context.writer.submit({
    name: 'remove-worktree',
    hosts: [hostName],
    reads: { worktrees: [{ hostName, path, withAllocations: true }], services: [], ports: [] },
    expects: expectsNothing,
    decide: ({ ledger }) => decided(decideWorktreeRemoval({ hostName, path }, ledger)),
  });
}
