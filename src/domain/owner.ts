import type { Allocation, Worktree } from './registry-model.ts';

/** On whose behalf a call is made. */
export interface Owner {
  readonly worktreePath: string | null;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
}

export const nobody: Owner = { worktreePath: null, codebaseId: null, conversationId: null };

/**
 * Who holds an allocation on its host, as one string: the worktree where one is given, else the
 * codebase, else the conversation, else nobody.
 */
export function ownerKey({ worktreePath, codebaseId, conversationId }: Owner): string {
  if (worktreePath !== null) return `worktree:${worktreePath}`;
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
