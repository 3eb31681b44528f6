import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Database, notifyChannel, type QueryOptions, type Sql, type Transaction } from './database.ts';
import { DatabaseUnavailable, translateDatabaseError } from './database-error.ts';
import { listenToPostgresql } from './postgresql-listener.ts';
import { createPrisma } from './prisma-client.ts';

const minimumVersion = 150_000;
/** No request waits longer than this for a connection or an answer: it fails, and may be repeated. */
const connectTimeoutMs = 2_000;
const statementTimeoutMs = 5_000;

/** Opens a pool on a PostgreSQL 15 or newer; throws where it does not answer or is older. */
export async function openPostgresql(url: string, log: Logger): Promise<Database> {
  const connection = { connectionString: url, application_name: 'wharfinger', keepAlive: true };
  const pool = new pg.Pool({
    ...connection,
    max: 10,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    options: '-c timezone=UTC',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'));
  // One that breaks while it is in use fails its query, and says so a second time.
  pool.on('connect', (client) => client.on('error', () => {}));
  const prisma = createPrisma(new PrismaPg(pool));
  const sql = sqlOf(pool);

  try {
    await refuseOldServer(sql);
  } catch (error) {
    await pool.end();
    throw explainUnavailable(error, url);
  }

  return {
    ...sql,
    engine: 'postgresql',
    location: withoutPassword(url),
    prisma,
    transaction: (work) => transact(pool, work),
    listen: async (wake) => listenToPostgresql({ connection, channel: notifyChannel, wake, log }),
    health: async () => undefined,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function sqlOf(client: pg.Pool | pg.PoolClient): Sql {
  return {
    async query<Row>(text: string, values: readonly unknown[] = [], { prepare = false }: QueryOptions = {}) {
      try {
        const result = await client.query({ text, values: [...values], name: prepare ? nameOf(text) : undefined });
        return result.rows as Row[]; // the statement's author names its columns
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
    async script(text) {
      try {
        await client.query(text);
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}

/** What a connection knows a prepared statement by: each text by a name of its own. */
const nameOf = (text: string) => createHash('sha1').update(text).digest('hex');

async function transact<T>(pool: pg.Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translateDatabaseError(error);
  });
  const sql = sqlOf(client);
  let broken = false;
  try {
    // Whatever the database's default is: what is read under the lock must be what was committed before it.
    await sql.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await work({ ...sql, lock: (hosts) => lock(sql, hosts) });
    await commit(client);
    return result;
  } catch (error) {
    // A connection that does not answer, or cannot roll back, is closed instead of given to anybody else.
    broken =
      error instanceof DatabaseUnavailable ||
      (await sql.query('ROLLBACK').then(
        () => false,
        () => true,
      ));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** PostgreSQL answers COMMIT with ROLLBACK where a statement of the transaction failed, even if nobody noticed. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw translateDatabaseError(error);
  });
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed.');
}

/** The first of an advisory lock's two numbers: for all hosts together, and for one of them by its name's hash. */
const registryLock = 42_804;
const hostLock = 42_805;

async function lock(sql: Sql, hosts: readonly string[] | 'everything'): Promise<void> {
  if (hosts === 'everything') {
    await sql.query('SELECT pg_advisory_xact_lock($1, 0)', [registryLock]);
    return;
  }
  // In one order everywhere, so that two instances never wait for each other.
  await sql.query(
    `SELECT pg_advisory_xact_lock_shared($1, 0), pg_advisory_xact_lock($2, hash)
     FROM (SELECT DISTINCT hashtext(name) AS hash FROM unnest($3::text[]) AS name ORDER BY hash) AS hashes`,
    [registryLock, hostLock, hosts],
  );
}

async function refuseOldServer(sql: Sql): Promise<void> {
  const rows = await sql.query<{ version: string; number: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
  );
  const [server] = rows;
  if (!server || Number(server.number) < minimumVersion) {
    throw new Error(`PostgreSQL ${server?.version} is too old: Wharfinger needs 15 or newer.`);
  }
}

function explainUnavailable(error: unknown, url: string): unknown {
  if (!(error instanceof DatabaseUnavailable)) return error;
  const { code, message } = error.cause as NodeJS.ErrnoException; // what the driver threw
  return new Error(
    `PostgreSQL does not answer at ${withoutPassword(url)} (${code ?? message}): start it, or name another with --database-url.`,
    { cause: error },
  );
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  parsed.search = '';
  return parsed.toString();
}
