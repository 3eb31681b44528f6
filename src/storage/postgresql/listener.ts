import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Connection } from './connect.ts';
import { wordsOf } from './failure.ts';

interface ListenerOptions {
  /** Opens a connection that keeps its session. */
  readonly connect: () => Promise<Connection>;
  readonly channel: string;
  readonly wake: () => void;
  readonly log: Logger;
}

/** LISTEN replays nothing, so the caller is also woken on a timer and after each reconnect. */
const safetyIntervalMs = 5_000;
const reconnectDelayMs = 500;
const endTimeoutMs = 1_000;
/** How often changes are looked for where LISTEN does nothing. */
export const pollIntervalMs = 300;

/** Wakes its caller at every NOTIFY, over a connection of its own that comes back by itself. */
export async function listenToPostgresql(options: ListenerOptions): Promise<() => Promise<void>> {
  const { channel, wake, log } = options;
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const lost = (error: unknown) => {
    if (stopped) return;
    log.warn(`the event listener lost its connection and reconnects: ${wordsOf(error)}`);
    retry = setTimeout(listen, reconnectDelayMs);
  };

  const listen = async () => {
    let next: pg.Client | undefined;
    try {
      next = (await options.connect()).client;
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      next?.end().catch(() => {});
      return lost(error);
    }
    if (stopped) return void next.end().catch(() => {});
    client = next;
    next.on('notification', wake);
    next.once('end', () => lost(new Error('the connection ended')));
    wake();
  };

  const stopPolling = pollPostgresql(wake, safetyIntervalMs);
  await listen();

  return async () => {
    stopped = true;
    await stopPolling();
    clearTimeout(retry);
    // A server that does not answer is not waited for.
    await Promise.race([client?.end(), delay(endTimeoutMs, undefined, { ref: false })]);
  };
}

/** Wakes its caller on a timer. Returns how to stop. */
export function pollPostgresql(wake: () => void, intervalMs = pollIntervalMs): () => Promise<void> {
  const poll = setInterval(wake, intervalMs);
  return async () => clearInterval(poll);
}
