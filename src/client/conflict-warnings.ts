import { setTimeout as delay } from 'node:timers/promises';
import type { Conflict, ConflictOperations } from './conflicts.ts';
import { type EventStream, type EventStreamOptions, openEventStream, type Subscriptions } from './event-stream.ts';
import type { Subject } from './follow-events.ts';
import {
  type ConflictKind,
  ConflictWarningDocument,
  type ConflictWarningSubscription,
  type ConflictWarningSubscriptionVariables,
} from './gql/graphql.ts';
import { reconnectDelay } from './reconnect-delay.ts';
import { ToldConflicts } from './told-conflicts.ts';

/** How many conflicts are asked for at once: as many as the registry answers. */
const largestPage = 1_000;

export interface ConflictWarningsOptions extends EventStreamOptions {
  /** Only those on this host. Default: on all hosts. */
  readonly host?: string;
  /** Any of these kinds. Default: all. */
  readonly kinds?: ConflictKind[];
}

/** Conflicts, as they open and resolve. */
export type ConflictWarnings = EventStream<Conflict>;

/**
 * Each subscription begins with the conflicts that are open, so one that replaces a lost one tells them again, and
 * says nothing of those that resolved in between. What was told is therefore remembered: of what comes again
 * nothing is told, and what does not come again is asked for. Nothing marks where the open ones end, and a query
 * may be answered before the subscription begins, so that neither a pause nor an answer "open" proves anything. It
 * is asked again until each is accounted for: told by the new subscription, which will then tell its end too, or
 * answered as resolved.
 */
export function conflictWarnings(
  { host, kinds, ...options }: ConflictWarningsOptions,
  readConflicts: ConflictOperations['conflicts'],
  subscriptions: Subscriptions,
): ConflictWarnings {
  const told = new ToldConflicts();
  const subject: Subject<Conflict, ConflictWarningSubscription, ConflictWarningSubscriptionVariables> = {
    document: ConflictWarningDocument,
    async variables() {
      told.beginAnew();
      return { host, kinds };
    },
    accept({ conflictWarning }, tell) {
      if (told.accept(conflictWarning)) tell(conflictWarning);
    },
    async catchUp(tell, signal) {
      for (let tries = 1; told.unconfirmed.length > 0; tries++) {
        const ids = told.unconfirmed.slice(0, largestPage);
        const answer = await readConflicts({ ids, includeResolved: true, first: largestPage }); // until none is left
        const found = new Map(answer.map((conflict) => [conflict.id, conflict]));
        for (const id of ids) {
          if (signal.aborted) return;
          const resolved = told.settle(id, found.get(id));
          if (resolved) tell(resolved);
        }
        if (told.unconfirmed.length > 0) await delay(reconnectDelay(tries), undefined, { signal });
      }
    },
  };
  return openEventStream(subject, options, subscriptions);
}
