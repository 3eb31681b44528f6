import type { Logger } from 'pino';
import { type EventFilter, matchesFilter } from '../domain/event-filter.ts';
import type { Database } from '../storage/database.ts';
import { DatabaseUnavailable } from '../storage/database-error.ts';
import { type LoggedEvent, readEvents, readLastNumber } from '../storage/event-log.ts';
import { Subscription } from './subscription.ts';
import { Tail } from './tail.ts';

/** A cursor lies beyond the end of this registry's log. */
export class UnknownCursor extends Error {
  override readonly name = 'UnknownCursor';

  constructor(cursor: number, last: number) {
    super(
      `The cursor ${cursor} is not of this registry, whose log ends at ${last}: it was perhaps restored from an older copy. Subscribe without a cursor and read the allocations anew.`,
    );
  }
}

/** The event log as ordered, resumable streams. */
export interface Feed {
  /** Every matching event once and in commit order: after a number, or from now on. */
  subscribe(filter: EventFilter, after?: number): Promise<AsyncIterableIterator<LoggedEvent>>;
  /** Past events that match, oldest first, at most `limit`. */
  page(filter: EventFilter, after: number, limit: number): Promise<LoggedEvent[]>;
  /** The number of the newest event that was committed, 0 where there is none. */
  latest(): Promise<number>;
  status(): FeedStatus;
  close(): Promise<void>;
}

interface FeedStatus {
  readonly subscribers: number;
  /** The number up to which the log was read for them. */
  readonly last: number;
}

const pageSize = 500;

export async function createFeed(database: Database, log: Logger): Promise<Feed> {
  const tail = new Tail(database, log);
  const subscriptions = new Set<Subscription<LoggedEvent>>();
  const stopListening = await database.listen(() => tail.wake());

  const read = async (after: number): Promise<LoggedEvent[]> => {
    const recent = tail.after(after);
    if (recent) return recent;
    try {
      return await readEvents(database, after, pageSize);
    } catch (error) {
      if (error instanceof DatabaseUnavailable) return []; // and again after the next wake
      throw error;
    }
  };

  return {
    async subscribe(filter, after) {
      const last = await readLastNumber(database);
      if (after !== undefined && after > last) throw new UnknownCursor(after, last);
      const subscription: Subscription<LoggedEvent> = new Subscription({
        after: after ?? last,
        read,
        tail,
        matches: (event) => matchesFilter(event, filter),
        closed: () => {
          subscriptions.delete(subscription);
          if (subscriptions.size === 0) tail.stop();
        },
      });
      subscriptions.add(subscription);
      // What was committed since `last` was read is before the tail's start, and is read from the log.
      tail.start(last);
      tail.wake();
      return subscription;
    },

    async page(filter, after, limit) {
      const last = await readLastNumber(database);
      if (after > last) throw new UnknownCursor(after, last);
      return readEvents(database, after, limit, filter);
    },

    latest: () => readLastNumber(database),

    status: () => ({ subscribers: subscriptions.size, last: tail.last }),

    async close() {
      await stopListening();
      await Promise.all([...subscriptions].map((subscription) => subscription.return()));
    },
  };
}
