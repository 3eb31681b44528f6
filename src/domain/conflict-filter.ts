import type { Conflict, ConflictKind } from './registry-model.ts';

/** Which conflicts are wanted; what is undefined does not matter. */
export interface ConflictFilter {
  readonly hostName?: string | undefined;
  readonly kinds?: readonly ConflictKind[] | undefined;
}

export function matchesConflict({ hostName, kind }: Conflict, filter: ConflictFilter): boolean {
  const isOnHost = filter.hostName === undefined || hostName === filter.hostName;
  return isOnHost && (filter.kinds === undefined || filter.kinds.includes(kind));
}
