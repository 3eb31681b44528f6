import { setTimeout as delay } from 'node:timers/promises';
import type { EventBuffer } from './event-buffer.ts';
import type { EventSocket } from './event-socket.ts';
import type { TypedDocumentString } from './gql/graphql.ts';
import { reconnectDelay } from './reconnect-delay.ts';
import { fromGraphErrors, isPassing, type Place, translateSocketError } from './translate-error.ts';

/** A connection that lasted so long did work, also where nothing happened on it. */
const steadyAfterMs = 10_000;

/** What is subscribed to, over one connection after the other, and what the caller is told of it. */
export interface Subject<Value, Result, Variables> {
  readonly document: TypedDocumentString<Result, Variables>;
  /** Where to go on; asked before each connection. */
  variables(): Promise<Variables>;
  /** Tells what is new in a delivery. */
  accept(result: Result, tell: (value: Value) => void): void;
  /**
   * Tells what no delivery says; called when a connection is made. `signal` aborts when that one is over, and after
   * that nothing is to be told. Where it rejects, the connection has failed.
   */
  catchUp?(tell: (value: Value) => void, signal: AbortSignal): Promise<void>;
}

export interface Connections {
  /** What subscriptions are sent over; nothing is loaded for them before it is asked for. */
  readonly socket: () => Promise<EventSocket>;
  readonly place: Place;
}

interface FollowOptions<Value, Result, Variables> extends Connections {
  readonly subject: Subject<Value, Result, Variables>;
  /** How many events may lie in the buffer before the subscription is given up until they are read. */
  readonly largestBuffer: number;
  /** Whether to keep trying also before the registry was reached for the first time. */
  readonly waitForServer: boolean;
  readonly buffer: EventBuffer<Value>;
  readonly signal: AbortSignal;
}

/** How one connection's worth of events ended: the buffer is full, the caller has gone, or an error. */
type Ending = { readonly kind: 'full' | 'stopped' } | Failure;

interface Failure {
  readonly kind: 'failed';
  readonly error: Error;
  readonly isPassing: boolean;
}

interface Progress {
  wasConnected: boolean;
  /** In a row. */
  failures: number;
}

/**
 * Puts everything that the subject tells into the buffer, in order, over however many connections
 * it takes. Returns when the signal aborts; throws what trying again cannot mend.
 */
export async function followEvents<Value, Result, Variables extends Record<string, unknown>>(
  options: FollowOptions<Value, Result, Variables>,
): Promise<void> {
  const { buffer, signal } = options;
  const progress: Progress = { wasConnected: false, failures: 0 };
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

async function followOnce<Value, Result, Variables extends Record<string, unknown>>(
  options: FollowOptions<Value, Result, Variables>,
  progress: Progress,
): Promise<Ending> {
  try {
    const socket = await options.socket();
    return await subscribeOnce(options, { progress, socket, variables: await options.subject.variables() });
  } catch (error) {
    return failure(error);
  }
}

interface Attempt<Variables> {
  readonly progress: Progress;
  readonly socket: EventSocket;
  readonly variables: Variables;
}

function subscribeOnce<Value, Result, Variables extends Record<string, unknown>>(
  { subject, buffer, largestBuffer, place, signal }: FollowOptions<Value, Result, Variables>,
  { progress, socket, variables }: Attempt<Variables>,
): Promise<Ending> {
  const connection = new AbortController();
  return new Promise((resolve) => {
    const end = (ending: Ending) => {
      signal.removeEventListener('abort', stopped);
      connection.abort();
      stop();
      resolve(ending);
    };
    const stopped = () => end({ kind: 'stopped' });
    const tell = (value: Value) => {
      buffer.push(value);
      if (buffer.size >= Math.max(1, largestBuffer)) end({ kind: 'full' });
    };
    const stop = socket.subscribe(subject.document, variables, {
      connected: () => {
        progress.wasConnected = true;
        subject.catchUp?.(tell, connection.signal).catch((error) => end(failure(error)));
      },
      next: ({ data, errors }) => {
        if (errors || !data) return end(failure(fromGraphErrors(errors ?? [], 'GRAPHQL_ERROR')));
        progress.failures = 0;
        subject.accept(data, tell);
      },
      lost: (error) => end({ kind: 'failed', ...translateSocketError(error, place) }),
    });
    signal.addEventListener('abort', stopped);
    if (signal.aborted) stopped();
  });
}

function failure(error: unknown): Failure {
  return {
    kind: 'failed',
    error: error instanceof Error ? error : new Error(String(error)),
    isPassing: isPassing(error),
  };
}
