import type { Logger } from 'pino';
import { type ConflictFilter, matchesConflict } from '../domain/conflict-filter.ts';
import { type EventFilter, matchesFilter } from '../domain/event-filter.ts';
import { type LoggedConflict, readConflictChanges, readConflictsOpenAt } from '../storage/conflict-log.ts';
import type { Database } from '../storage/database.ts';
import {
  type LoggedEvent,
  readEvents,
  readLastNumber,
  readLogSpan,
  refuseUnknown,
  UnknownCursor,
} from '../storage/event-log.ts';
import { Followers } from './followers.ts';

/** The event log as ordered, resumable streams, and the conflicts as they open and resolve. */
export interface Feed {
  /**
   * Every matching event once and in commit order: after a number, or from now on. Throws UnknownCursor where the
   * log does not reach back to the number; so does the stream, once its reader is as far behind.
   */
  subscribe(filter: EventFilter, after?: number): Promise<AsyncIterableIterator<LoggedEvent>>;
  /** Past events that match, oldest first, at most `limit`: after a number, or from the oldest that is kept. */
  page(filter: EventFilter, after: number | undefined, limit: number): Promise<LoggedEvent[]>;
  /**
   * The matching conflicts that are open now, in the order in which they opened, then every one that opens or
   * resolves, each once and in commit order. What resolved is not told to a reader who is further behind than the
   * history that is kept.
   */
  conflicts(filter: ConflictFilter): Promise<AsyncIterableIterator<LoggedConflict>>;
  /** The number of the newest event that was committed, 0 where there is none. */
  latest(): Promise<number>;
  status(): FeedStatus;
  close(): Promise<void>;
}

interface FeedStatus {
  /** Of events and of conflicts. */
  readonly subscribers: number;
  /** The number up to which events were read for their subscribers; null where there are none. */
  readonly last: number | null;
}

/** How many past events are read from the database at a time. Other requests are answered between two reads. */
const partSize = 100;

async function readPage(
  database: Database,
  filter: EventFilter,
  { after, limit }: { readonly after: number | undefined; readonly limit: number },
): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  try {
    for (;;) {
      const size = Math.min(partSize, limit - events.length);
      const part = await readEvents(database, events.at(-1)?.number ?? after, size, filter); // each follows the one before
      events.push(...part);
      if (part.length < size || events.length === limit) return events;
    }
  } catch (error) {
    if (!(error instanceof UnknownCursor) || events.length === 0) throw error;
    // What follows was deleted as old history meanwhile.
    return readPage(database, filter, { after, limit });
  }
}

export async function createFeed(database: Database, log: Logger): Promise<Feed> {
  const events = new Followers<LoggedEvent>({
    name: 'events',
    read: (after, limit) => readEvents(database, after, limit),
    log,
  });
  const conflicts = new Followers<LoggedConflict>({
    name: 'conflicts',
    read: (after, limit) => readConflictChanges(database, after, limit),
    log,
  });
  const stopListening = await database.listen(() => {
    events.tail.wake();
    conflicts.tail.wake();
  });

  return {
    async subscribe(filter, after) {
      const span = await readLogSpan(database);
      if (after !== undefined) refuseUnknown(after, span);
      return events.follow({ last: span.last, after, matches: (event) => matchesFilter(event, filter) });
    },

    page: (filter, after, limit) => readPage(database, filter, { after, limit }),

    async conflicts(filter) {
      const last = await readLastNumber(database);
      return conflicts.follow({
        last,
        matches: ({ conflict }) => matchesConflict(conflict, filter),
        before: (after, limit) => readConflictsOpenAt(database, { at: last, after, limit }),
      });
    },

    latest: () => readLastNumber(database),

    status: () => ({
      subscribers: events.count + conflicts.count,
      last: events.count > 0 ? events.tail.last : null,
    }),

    async close() {
      await stopListening();
      await Promise.all([events.close(), conflicts.close()]);
    },
  };
}
