import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/**
 * What a connection leads to: a PostgreSQL session of its own, directly or through a pooler that keeps one for it, or
 * whichever session of a pooler is free for each transaction.
 */
export type Pooling = 'none' | 'session' | 'transaction';

/** How long after a NOTIFY was answered it may arrive. */
const deliveryTimeoutMs = 1_000;
const probeChannel = 'wharfinger_probe';

/** Whether something stands between: PostgreSQL tells a connection its backend's process id, a pooler makes one up. */
export async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== (client as { readonly processID?: unknown }).processID; // the types lack it
}

/** Finds out, with two connections to a pooler, whether one hears by LISTEN what the other notifies. */
export async function detectPooling(listening: pg.Client, notifying: pg.Client): Promise<Pooling> {
  const id = randomUUID();
  const hears = (client: pg.Client, result: Pooling) =>
    new Promise<Pooling>((resolve) => {
      client.on('notification', ({ payload }) => {
        if (payload === id) resolve(result);
      });
    });
  // The pooler may give the session that listens to another connection, which then gets the notification.
  const heard = Promise.race([hears(listening, 'session'), hears(notifying, 'transaction')]);
  await listening.query(`LISTEN ${probeChannel}`);
  await notifying.query('SELECT pg_notify($1, $2)', [probeChannel, id]);
  const pooling = await Promise.race([heard, delay(deliveryTimeoutMs, 'transaction' as const, { ref: false })]);
  // Nobody is left listening, as far as the same sessions are reached again.
  await Promise.all([listening, notifying].map((client) => client.query(`UNLISTEN ${probeChannel}`)));
  return pooling;
}
