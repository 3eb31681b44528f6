import type { AllocationRefusal } from '../domain/allocate.ts';
import type { ConflictAction } from '../domain/conflicts.ts';
import { isRefusal, NotFound } from '../domain/refusals.ts';
import { decideResolution, type ResolvedConflict } from '../domain/resolve.ts';
import { readConflict } from '../storage/conflict-log.ts';
import { readAllocation } from '../storage/ledger-reads.ts';
import type { RegistryContext } from './context.ts';
import { tryToLook } from './look-after.ts';

export interface ResolveConflictInput {
  readonly id: string;
  readonly action: ConflictAction;
}

/** Settles an open conflict by one of the actions that fit it. What is adopted on the observed host is seen at once. */
export async function resolveConflict(
  context: RegistryContext,
  input: ResolveConflictInput,
): Promise<ResolvedConflict | AllocationRefusal> {
  const outcome = await settle(context, input);
  if (input.action !== 'ADOPT' || isRefusal(outcome) || !outcome.allocation) return outcome;
  await tryToLook(context, outcome.allocation.hostName);
  return { ...outcome, allocation: (await readAllocation(context.database, outcome.allocation.id)) ?? null };
}

async function settle(
  context: RegistryContext,
  { id, action }: ResolveConflictInput,
): Promise<ResolvedConflict | AllocationRefusal> {
  const known = await readConflict(context.database, id);
  if (!known) return new NotFound(`There is no conflict ${id}: the query conflicts lists those that are open.`);
  const { hostName, port, environment } = known;
  const reallocates = action === 'REALLOCATE' && environment !== null;
  return context.writer.submit({
    name: 'resolve-conflict',
    hosts: [hostName],
    reads: { hosts: [hostName] },
    expects: {
      ports: port === null ? [] : [port],
      automatic: reallocates ? { environment, count: 1 } : null,
    },
    decide: (surroundings) => {
      const { conflicts, now } = surroundings.ledger;
      // As it is now: it may have resolved since it was read.
      const conflict = conflicts
        .on(hostName)
        .all()
        .find((each) => each.id === id);
      const resolvedAt = known.resolvedAt ?? now;
      return decideResolution({ conflict: conflict ?? { ...known, resolvedAt }, action }, surroundings);
    },
  });
}
