import type { Allocation, Worktree } from './registry-model.ts';

/** On whose behalf a call is made. */
export interface Owner {
  readonly worktreePath: string | null;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
  /** The branch that is checked out in the worktree; left out or null where that is unknown. */
  readonly worktreeBranch?: string | null;
  /** The file system that the worktree is on, where it was seen; see `Worktree.device`. */
  readonly worktreeDevice?: number | null;
}

const worktreePrefix = 'worktree:';

export const nobody: Owner = { worktreePath: null, codebaseId: null, conversationId: null };

/**
 * Who holds an allocation on its host, as one string: the worktree where one is given, else the
 * codebase, else the conversation, else nobody.
 */
export function ownerKey({ worktreePath, codebaseId, conversationId }: Owner): string {
  if (worktreePath !== null) return `${worktreePrefix}${worktreePath}`;
  if (codebaseId !== null) return `codebase:${codebaseId}`;
  if (conversationId !== null) return `conversation:${conversationId}`;
  return 'nobody';
}

/** An owner's key in words. */
export function describeOwner(key: string): string {
  const at = key.indexOf(':');
  return at < 0 ? 'no owner' : `${key.slice(0, at)} ${key.slice(at + 1)}`;
}

/**
 * Whether the caller may release or hand over the allocation: the same worktree or the same
 * conversation may, the worktree's own conversation too; for an allocation without a worktree the
 * same codebase may; an allocation without any owner, anyone.
 */
export function isParty(caller: Owner, allocation: Allocation, worktree: Worktree | undefined): boolean {
  if (allocation.owner === 'nobody') return true;
  if (worktree && caller.worktreePath === worktree.path) return true;
  if (caller.conversationId !== null) {
    if (caller.conversationId === allocation.conversationId) return true;
    if (caller.conversationId === worktree?.conversationId) return true;
  }
  return allocation.worktreeId === null && caller.codebaseId !== null && caller.codebaseId === allocation.codebaseId;
}

/** Whom a port is for, as far as it bears on who may listen there. */
export interface OwnerOfPort {
  readonly worktreePath: string | null;
  readonly codebaseId: string | null;
}

/** The owner that a claim, or somebody who wants one, records. */
export function ownerOfPort({ owner, codebaseId }: Pick<Allocation, 'owner' | 'codebaseId'>): OwnerOfPort {
  const isWorktree = owner.startsWith(worktreePrefix);
  return { worktreePath: isWorktree ? owner.slice(worktreePrefix.length) : null, codebaseId };
}

/** Whether a worktree may be that of an owner who has none of its own: unless both name a codebase, and not the same. */
export function isPartyOf(worktree: Worktree, { codebaseId }: OwnerOfPort): boolean {
  return codebaseId === null || worktree.codebaseId === null || worktree.codebaseId === codebaseId;
}
