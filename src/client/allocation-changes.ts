import { type EventStream, type EventStreamOptions, openEventStream, type Subscriptions } from './event-stream.ts';
import type { AllocationEvent } from './events.ts';
import type { Subject } from './follow-events.ts';
import {
  AllocationChangedDocument,
  type AllocationChangedSubscription,
  type AllocationChangedSubscriptionVariables,
  type EventFilter,
} from './gql/graphql.ts';

export interface AllocationChangesOptions extends EventStreamOptions {
  /** Which events. Default: all. */
  readonly where?: EventFilter;
  /** The cursor of the last event seen. Default: only what happens after the first `next`. */
  readonly after?: string;
}

/** Changes to allocations, as they happen. */
export type AllocationChanges = EventStream<AllocationEvent>;

/** `latestCursor` asks for the log's end. */
export function allocationChanges(
  { where, after, ...options }: AllocationChangesOptions,
  latestCursor: () => Promise<string>,
  subscriptions: Subscriptions,
): AllocationChanges {
  /** The last event that was told, or the log's end at the beginning. */
  let cursor = after;
  const subject: Subject<AllocationEvent, AllocationChangedSubscription, AllocationChangedSubscriptionVariables> = {
    document: AllocationChangedDocument,
    async variables() {
      // Without a cursor, whatever happened before a lost connection is made again would be missed.
      cursor ??= await latestCursor();
      return { where, after: cursor };
    },
    /** Drops what was seen before: cursors are opaque to callers, but are the numbers of the events. */
    accept({ allocationChanged: event }, tell) {
      if (Number(event.cursor) <= Number(cursor)) return;
      cursor = event.cursor;
      tell(event);
    },
  };
  return openEventStream(subject, options, subscriptions);
}
