import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { QueryOptions, Sql, Transaction } from '../database.ts';
import { DatabaseUnavailable, translateDatabaseError } from '../database-error.ts';
import { lockHosts } from './locks.ts';
import type { Pooling } from './pooling.ts';
import { beginStatement } from './session.ts';

/** The longest that Node can wait, 24 days. */
const longestTimerMs = 2 ** 31 - 1;

/** SQL on a pool or on one of its connections. Statements are prepared only where a session keeps them. */
export function sqlOf(client: pg.Pool | pg.PoolClient, pooling: Pooling): Sql {
  const nameOf = pooling === 'transaction' ? () => undefined : hash;
  return {
    async query<Row>(text: string, values: readonly unknown[] = [], { prepare = false }: QueryOptions = {}) {
      try {
        const result = await client.query({ text, values: [...values], name: prepare ? nameOf(text) : undefined });
        return result.rows as Row[]; // the statement's author names its columns
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
    async script(text, { unlimited = false } = {}) {
      const lasting = { text: `SET LOCAL statement_timeout = 0;\n${text}`, query_timeout: longestTimerMs };
      try {
        await client.query(unlimited ? lasting : { text });
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}

/** What a connection knows a prepared statement by: each text by a name of its own. */
const hash = (text: string) => createHash('sha1').update(text).digest('hex');

/** Runs `work` in a transaction on a connection of its own, and commits what it did, or nothing of it if it throws. */
export async function transact<T>(
  pool: pg.Pool,
  pooling: Pooling,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translateDatabaseError(error);
  });
  const sql = sqlOf(client, pooling);
  let broken = false;
  try {
    await sql.script(beginStatement(pooling));
    const result = await work({ ...sql, lock: (hosts) => lockHosts(sql, hosts) });
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
