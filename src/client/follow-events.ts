import { setTimeout as delay } from 'node:timers/promises';
import type { EventBuffer } from './event-buffer.ts';
import type { EventSocket } from './event-socket.ts';
import type { AllocationEventFieldsFragment, EventFilter } from './gql/graphql.ts';
import { reconnectDelay } from './reconnect-delay.ts';
import { fromGraphErrors, isPassing, type Place, translateSocketError } from './translate-error.ts';

/** A connection that lasted so long did work, also where nothing happened on it. */
const steadyAfterMs = 10_000;

type AllocationEvent = AllocationEventFieldsFragment;

export interface FollowOptions {
  readonly where: EventFilter | undefined;
  /** The last event seen; undefined: begin at the log's end. */
  readonly after: string | undefined;
  /** How many events may lie in the buffer before the subscription is given up until they are read. */
  readonly largestBuffer: number;
  /** Whether to keep trying also before the registry was reached for the first time. */
  readonly waitForServer: boolean;
  readonly latestCursor: () => Promise<string>;
  readonly socket: EventSocket;
  readonly place: Place;
  readonly buffer: EventBuffer<AllocationEvent>;
  readonly signal: AbortSignal;
}

/** How one connection's worth of events ended: the buffer is full, the caller has gone, or an error. */
type Ending =
  | { readonly kind: 'full' | 'stopped' }
  | { readonly kind: 'failed'; readonly error: Error; isPassing: boolean };

/**
 * Puts every event after the cursor into the buffer, once and in order, over however many
 * connections it takes. Returns when the signal aborts; throws what trying again cannot mend.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { buffer, signal } = options;
  const progress: Progress = { cursor: options.after, wasConnected: false, failures: 0 };
  while (!signal.aborted) {
    const startedAt = performance.now();
    const ending = await followOnce(options, progress); // one connection after the other
    if (ending.kind === 'full') {
      await buffer.drained();
    } else if (ending.kind === 'failed') {
      const isWorthTrying = progress.wasConnected || options.waitForServer;
      if (!ending.isPassing || !isWorthTrying) throw ending.error;
      if (performance.now() - startedAt > steadyAfterMs) progress.failures = 0;
      progress.failures++;
      await delay(reconnectDelay(progress.failures), undefined, { signal }).catch(() => {}); // the loop sees the abort
    }
  }
}

interface Progress {
  /** The last event that was put into the buffer, or the log's end at the beginning. */
  cursor: string | undefined;
  wasConnected: boolean;
  /** In a row. */
  failures: number;
}

async function followOnce(options: FollowOptions, progress: Progress): Promise<Ending> {
  try {
    // Without a cursor, whatever happened before a lost connection is made again would be missed.
    progress.cursor ??= await options.latestCursor();
  } catch (error) {
    return {
      kind: 'failed',
      error: error instanceof Error ? error : new Error(String(error)),
      isPassing: isPassing(error),
    };
  }
  return subscribeOnce(options, progress);
}

function subscribeOnce(options: FollowOptions, progress: Progress): Promise<Ending> {
  const { socket, buffer, where, largestBuffer, place, signal } = options;
  return new Promise((resolve) => {
    const end = (ending: Ending) => {
      signal.removeEventListener('abort', stopped);
      stop();
      resolve(ending);
    };
    const stopped = () => end({ kind: 'stopped' });
    const failed = (failure: { error: Error; isPassing: boolean }) => end({ kind: 'failed', ...failure });
    const stop = socket.subscribe(
      { where, after: progress.cursor },
      {
        connected: () => {
          progress.wasConnected = true;
        },
        next: ({ data, errors }) => {
          if (errors || !data) {
            const error = fromGraphErrors(errors ?? [], 'GRAPHQL_ERROR');
            return failed({ error, isPassing: isPassing(error) });
          }
          progress.failures = 0;
          accept(data.allocationChanged, progress, buffer);
          if (buffer.size >= Math.max(1, largestBuffer)) end({ kind: 'full' });
        },
        lost: (error) => failed(translateSocketError(error, place)),
      },
    );
    signal.addEventListener('abort', stopped);
    if (signal.aborted) stopped();
  });
}

/** Drops what was seen before: cursors are opaque to callers, but are the numbers of the events. */
function accept(event: AllocationEvent, progress: Progress, buffer: EventBuffer<AllocationEvent>): void {
  if (Number(event.cursor) <= Number(progress.cursor)) return;
  progress.cursor = event.cursor;
  buffer.push(event);
}
