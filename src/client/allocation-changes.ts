import { EventBuffer } from './event-buffer.ts';
import type { AllocationEvent } from './events.ts';
import { type FollowOptions, followEvents } from './follow-events.ts';
import type { EventFilter } from './gql/graphql.ts';

export interface AllocationChangesOptions {
  /** Which events. Default: all. */
  readonly where?: EventFilter;
  /** The cursor of the last event seen. Default: only what happens after the first `next`. */
  readonly after?: string;
  /** Whether to wait for a registry that cannot be reached at first, instead of throwing. Default: false. */
  readonly waitForServer?: boolean;
  /** How many events are held for a caller that is slow to ask for them; those beyond are fetched later. Default: 1000. */
  readonly largestBuffer?: number;
  /** Ends the iteration when it aborts. */
  readonly signal?: AbortSignal;
}

/** Events as they happen. Ends when it is told to, and otherwise only with an error. */
export interface AllocationChanges extends AsyncDisposable {
  [Symbol.asyncIterator](): AllocationChanges;
  /** The next event, once there is one. */
  next(): Promise<IteratorResult<AllocationEvent, undefined>>;
  /** Ends it at once, also for a `next` that waits. Leaving a `for await` calls it. */
  return(): Promise<IteratorResult<AllocationEvent, undefined>>;
}

type Connections = Pick<FollowOptions, 'socket' | 'place' | 'latestCursor'>;

/** Nothing is sent before the first `next`. While something may be, `running` holds what ends it. */
export function allocationChanges(
  { where, after, waitForServer = false, largestBuffer = 1_000, signal }: AllocationChangesOptions,
  connections: Connections,
  running: Set<() => void>,
): AllocationChanges {
  const buffer = new EventBuffer<AllocationEvent>();
  const abort = new AbortController();
  let isFollowing = false;

  const end = () => {
    abort.abort();
    buffer.discard();
  };
  const follow = async () => {
    running.add(end);
    signal?.addEventListener('abort', end);
    try {
      await followEvents({ where, after, waitForServer, largestBuffer, buffer, signal: abort.signal, ...connections });
    } catch (error) {
      buffer.finish(error);
    } finally {
      signal?.removeEventListener('abort', end);
      running.delete(end);
    }
  };

  const changes: AllocationChanges = {
    [Symbol.asyncIterator]: () => changes,
    next() {
      if (signal?.aborted) end();
      if (!isFollowing && !abort.signal.aborted) {
        isFollowing = true;
        void follow();
      }
      return buffer.next();
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    async [Symbol.asyncDispose]() {
      end();
    },
  };
  return changes;
}
