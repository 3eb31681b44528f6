import type pg from 'pg';
import type { Pooling } from './pooling.ts';

/** No statement runs longer, and no transaction rests longer between two of its statements. */
export const statementTimeoutMs = 5_000;

/** The server answers, but takes no writes. PostgreSQL's own code for it: read_only_sql_transaction. */
class NotWritable extends Error {
  override readonly name = 'NotWritable';
  readonly code = '25006';
}

const minimumVersion = 150_000;

export class ServerTooOld extends Error {
  override readonly name = 'ServerTooOld';

  constructor(version: string | undefined) {
    super(`PostgreSQL ${version} is too old: Wharfinger needs 15 or newer.`);
  }
}

const limits = { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: statementTimeoutMs };
const setLimits = (command: string) =>
  Object.entries(limits)
    .map(([name, value]) => `${command} ${name} = ${value}`)
    .join('; ');

/**
 * Settings are no startup parameters, which poolers refuse. Where a session is shared with other clients of a pooler,
 * only the time zone is set, which poolers keep for each client; the limits would become other clients' too.
 */
const setUp = (pooling: Pooling) =>
  pooling === 'transaction' ? "SET TIME ZONE 'UTC'" : `SET TIME ZONE 'UTC'; ${setLimits('SET')}`;

/** Begins a transaction, under the session's limits where the session itself could not be given them. */
export const beginStatement = (pooling: Pooling) => {
  // Whatever the database's default is: what is read under the lock must be what was committed before it.
  const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';
  return pooling === 'transaction' ? `${begin}; ${setLimits('SET LOCAL')}` : begin;
};

/** Makes a new connection ready for statements. Throws what `refuseUnusable` throws. */
export async function prepareSession(client: pg.ClientBase, pooling: Pooling): Promise<void> {
  await client.query(setUp(pooling));
  await refuseUnusable(client);
}

/** Throws ServerTooOld where the server is older than PostgreSQL 15, and NotWritable where it takes no writes. */
export async function refuseUnusable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<Record<'version' | 'number' | 'readOnly', string> & { standby: boolean }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
       current_setting('transaction_read_only') AS "readOnly", pg_is_in_recovery() AS standby`,
  );
  const [server] = rows;
  if (!server || Number(server.number) < minimumVersion) throw new ServerTooOld(server?.version);
  if (server.standby) throw new NotWritable('the server is a standby, which is read-only');
  if (server.readOnly === 'on') {
    throw new NotWritable('default_transaction_read_only is on for the server, the database or the role');
  }
}
