import { EventBuffer } from './event-buffer.ts';
import { type Connections, followEvents, type Subject } from './follow-events.ts';

/** How a subscription behaves, whatever it brings. */
export interface EventStreamOptions {
  /** Whether to wait for a registry that cannot be reached at first, instead of throwing. Default: false. */
  readonly waitForServer?: boolean;
  /** How many events are held for a caller that is slow to ask for them; those beyond are fetched later. Default: 1000. */
  readonly largestBuffer?: number;
  /** Ends the iteration when it aborts. */
  readonly signal?: AbortSignal;
}

/** Events as they happen. Ends when it is told to, and otherwise only with an error. */
export interface EventStream<Value> extends AsyncDisposable {
  [Symbol.asyncIterator](): EventStream<Value>;
  /** The next event, once there is one. */
  next(): Promise<IteratorResult<Value, undefined>>;
  /** Ends it at once, also for a `next` that waits. Leaving a `for await` calls it. */
  return(): Promise<IteratorResult<Value, undefined>>;
}

/** What the subscriptions of one client have in common. */
export interface Subscriptions extends Connections {
  /** What ends each that is running. */
  readonly running: Set<() => void>;
}

/** Nothing is sent before the first `next`. While something may be, `running` holds what ends it. */
export function openEventStream<Value, Result, Variables extends Record<string, unknown>>(
  subject: Subject<Value, Result, Variables>,
  { waitForServer = false, largestBuffer = 1_000, signal }: EventStreamOptions,
  { running, ...connections }: Subscriptions,
): EventStream<Value> {
  const buffer = new EventBuffer<Value>();
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
      await followEvents({ subject, waitForServer, largestBuffer, buffer, signal: abort.signal, ...connections });
    } catch (error) {
      buffer.finish(error);
    } finally {
      signal?.removeEventListener('abort', end);
      running.delete(end);
    }
  };

  const stream: EventStream<Value> = {
    [Symbol.asyncIterator]: () => stream,
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
  return stream;
}
