import type { Environment } from './policy.ts';
import type { AllocationEvent, EventKind } from './registry-model.ts';

/** Which events are wanted; what is undefined does not matter. It is held against the allocation as it stood after the event. */
export interface EventFilter {
  readonly hostName?: string | undefined;
  readonly kinds?: readonly EventKind[] | undefined;
  readonly environments?: readonly Environment[] | undefined;
  readonly codebaseId?: string | undefined;
  readonly worktreePath?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly ports?: readonly number[] | undefined;
}

export function matchesFilter({ kind, worktreePath, allocation }: AllocationEvent, filter: EventFilter): boolean {
  return (
    is(allocation.hostName, filter.hostName) &&
    isIn(kind, filter.kinds) &&
    isIn(allocation.environment, filter.environments) &&
    is(allocation.codebaseId, filter.codebaseId) &&
    is(worktreePath, filter.worktreePath) &&
    is(allocation.conversationId, filter.conversationId) &&
    isIn(allocation.port, filter.ports)
  );
}

const is = (value: string | null, wanted: string | undefined) => wanted === undefined || value === wanted;

const isIn = <T>(value: T, wanted: readonly T[] | undefined) => wanted === undefined || wanted.includes(value);
