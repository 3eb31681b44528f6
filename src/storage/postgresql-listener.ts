import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

interface ListenerOptions {
  readonly connection: pg.ClientConfig;
  readonly channel: string;
  readonly wake: () => void;
  readonly log: Logger;
}

/** LISTEN replays nothing, so whoever is woken is also woken on a timer and after each reconnect. */
const pollIntervalMs = 5_000;
const reconnectDelayMs = 500;
const endTimeoutMs = 1_000;

/** Wakes its caller at every NOTIFY, over a connection of its own that comes back by itself. */
export async function listenToPostgresql(options: ListenerOptions): Promise<() => Promise<void>> {
  const { connection, channel, wake, log } = options;
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const lost = (failed: pg.Client, error: unknown) => {
    if (stopped || client !== failed) return;
    client = undefined;
    log.warn({ err: error }, 'the event listener lost its connection and reconnects');
    failed.end().catch(() => {});
    retry = setTimeout(connect, reconnectDelayMs);
  };

  const connect = async () => {
    if (stopped) return;
    const next = new pg.Client({ ...connection, connectionTimeoutMillis: 2_000 });
    client = next;
    next.on('error', (error) => lost(next, error));
    next.on('end', () => lost(next, new Error('the connection ended')));
    next.on('notification', wake);
    try {
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      wake();
    } catch (error) {
      lost(next, error);
    }
  };

  const poll = setInterval(wake, pollIntervalMs);
  await connect();

  return async () => {
    stopped = true;
    clearInterval(poll);
    clearTimeout(retry);
    // A server that does not answer is not waited for.
    await Promise.race([client?.end(), delay(endTimeoutMs, undefined, { ref: false })]);
  };
}
