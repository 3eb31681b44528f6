import type { Allocation, Conflict, Host, Worktree } from '../domain/registry-model.ts';
import type { Conflict as ConflictRow, Prisma } from '../storage/prisma/client.ts';

/**
 * A conflict as the graph tells it. Those of the feed were read with what they are about, so that a thousand
 * subscribers do not ask for it a thousand times; others bring nothing.
 */
export interface ConflictRecord extends Conflict {
  readonly host?: Host;
  readonly allocation?: Allocation | null;
  readonly worktree?: Worktree | null;
}

/** A row without what orders it. */
export function toConflict(row: ConflictRow): Conflict {
  const { openedNumber: _opened, resolvedNumber: _resolved, revision: _revision, ...conflict } = row;
  return conflict as unknown as Conflict; // the columns' CHECKs say so, and that only a listener is kept as one
}

/** The order of lists: open ones first, each with the newest first. */
export const newestFirst: Prisma.ConflictOrderByWithRelationInput[] = [
  { resolvedAt: { sort: 'desc', nulls: 'first' } },
  { detectedAt: 'desc' },
  { id: 'asc' },
];
