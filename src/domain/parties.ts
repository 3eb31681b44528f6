import type { Ledger } from './ledger.ts';
import { type Owner, ownerKey } from './owner.ts';
import { InvalidInput, NotFound } from './refusals.ts';
import type { Worktree } from './registry-model.ts';

/** An owner as a new allocation records it. */
export interface Claimant {
  readonly key: string;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
  /** Writes the worktree if it is not registered, or was removed; answers its id. */
  settle(): string | null;
}

/**
 * Finds out on whose behalf an allocation is made. Changes nothing until `settle`, so that a refused
 * request leaves no worktree behind. `path` is where the input names the owner; another codebase than
 * the worktree's is refused unless `movesWorktree`.
 */
export function identify(
  ledger: Ledger,
  hostName: string,
  owner: Owner,
  { path = 'owner', movesWorktree = false } = {},
): Claimant | NotFound | InvalidInput {
  const { worktreePath, codebaseId, conversationId } = owner;
  const { worktreeBranch: branch = null, worktreeDevice: device = null } = owner;
  const missing = missingCodebase(ledger, codebaseId);
  if (missing) return missing;
  if (worktreePath === null) return { key: ownerKey(owner), codebaseId, conversationId, settle: () => null };

  const known = ledger.worktreeAt(hostName, worktreePath);
  const registered = known && !known.removedAt ? known : undefined;
  const isElsewhere = codebaseId !== null && registered?.codebaseId && registered.codebaseId !== codebaseId;
  if (isElsewhere && !movesWorktree) {
    const message = `The worktree ${worktreePath} belongs to the codebase ${registered.codebaseId}: leave codebaseId out, or register the worktree anew.`;
    return new InvalidInput([{ path: [path, 'codebaseId'], message }]);
  }
  return {
    key: ownerKey(owner),
    codebaseId: codebaseId ?? registered?.codebaseId ?? null,
    conversationId,
    settle: () => {
      const says = (value: string | null, known: string | null) => value !== null && value !== known;
      const isNews = says(codebaseId, registered?.codebaseId ?? null) || says(branch, registered?.branch ?? null);
      if (registered && !isNews) return registered.id;
      return putWorktree(ledger, { hostName, path: worktreePath, branch, codebaseId, conversationId, device }).id;
    },
  };
}

/** The refusal where a codebase is named that is not registered. */
export function missingCodebase(ledger: Ledger, codebaseId: string | null): NotFound | undefined {
  if (codebaseId === null || ledger.catalog.get(codebaseId)) return undefined;
  return new NotFound(`No codebase has the id ${codebaseId}: register it first (registerCodebase), or leave it out.`);
}

type WorktreeFacts = Pick<Worktree, 'hostName' | 'path'> &
  Partial<Pick<Worktree, 'branch' | 'codebaseId' | 'conversationId' | 'device'>>;

/**
 * Registers a worktree, registers a removed one again, or brings one up to date. What is not given
 * stays as it was, except in a removed one, which begins anew under its old id.
 */
export function putWorktree(ledger: Ledger, facts: WorktreeFacts): Worktree {
  const known = ledger.worktreeAt(facts.hostName, facts.path);
  const kept = known && !known.removedAt ? known : undefined;
  const worktree: Worktree = {
    id: known?.id ?? ledger.newId(),
    hostName: facts.hostName,
    path: facts.path,
    branch: facts.branch ?? kept?.branch ?? null,
    codebaseId: facts.codebaseId ?? kept?.codebaseId ?? null,
    conversationId: facts.conversationId ?? kept?.conversationId ?? null,
    registeredAt: kept?.registeredAt ?? ledger.now,
    removedAt: null,
    missingSince: kept?.missingSince ?? null,
    misses: kept?.misses ?? 0,
    device: kept?.device ?? facts.device ?? null,
  };
  const unchanged = kept && JSON.stringify(kept) === JSON.stringify(worktree);
  return unchanged ? kept : ledger.putWorktree(worktree);
}
