import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type Database, notifyChannel } from '../database.ts';
import { DatabaseUnavailable } from '../database-error.ts';
import { createPrisma } from '../prisma-client.ts';
import { type Connection, type ConnectOptions, connect } from './connect.ts';
import { explainFailure, wordsOf } from './failure.ts';
import { listenToPostgresql, pollIntervalMs, pollPostgresql } from './listener.ts';
import { RoutedPool } from './pool.ts';
import { detectPooling, isPooled, type Pooling } from './pooling.ts';
import { prepareSession, refuseUnusable, ServerTooOld, statementTimeoutMs } from './session.ts';
import { sqlOf, transact } from './sql.ts';
import { CertificateUnreadable } from './tls.ts';
import { parseRegistryUrl } from './url.ts';

/** No request waits longer than this for a connection to one server. */
const connectTimeoutMs = 2_000;
const settings: pg.ClientConfig = {
  application_name: 'wharfinger',
  connectionTimeoutMillis: connectTimeoutMs,
  // A server that does not even say that a statement took too long.
  query_timeout: statementTimeoutMs + 1_000,
};

/** Opens a pool on a PostgreSQL 15 or newer; throws where none of the URL's servers can be used. */
export async function openPostgresql(text: string, log: Logger): Promise<Database> {
  const url = parseRegistryUrl(text);
  const connection = { url, settings, accept: refuseUnusable };
  const { route, pooling } = await firstConnection(connection).catch((error: unknown) => {
    if (error instanceof ServerTooOld || error instanceof CertificateUnreadable) throw error;
    throw new Error(explainFailure(error, url.location), { cause: new DatabaseUnavailable(error) });
  });
  if (pooling === 'transaction') log.warn(pooledByTransaction);
  const accept = (client: pg.ClientBase) => prepareSession(client, pooling);
  const pool = new RoutedPool({ url, settings, accept, route });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn(`a database connection was lost: ${wordsOf(error)}`));
  // One that breaks while it is in use fails its query and emits an error as well.
  pool.on('connect', (client) => client.on('error', () => {}));
  const prisma = createPrisma(new PrismaPg(pool));

  return {
    ...sqlOf(pool, pooling),
    engine: 'postgresql',
    location: url.location,
    prisma,
    transaction: (work) => transact(pool, pooling, work),
    listen: async (wake) =>
      pooling === 'transaction'
        ? pollPostgresql(wake)
        : listenToPostgresql({ connect: () => connect(connection), channel: notifyChannel, wake, log }),
    health: async () => undefined,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

const pooledByTransaction = `PostgreSQL is behind a pooler in transaction mode, where LISTEN has no effect: polling for other instances' changes every ${pollIntervalMs} ms instead. Use PostgreSQL's own address, or a pooler in session mode, to get them at once`;

/** Finds a server that can be used, and whether it is behind a pooler. */
async function firstConnection(options: ConnectOptions): Promise<Pick<Connection, 'route'> & { pooling: Pooling }> {
  const { client, route } = await connect(options);
  try {
    if (!(await isPooled(client))) return { route, pooling: 'none' };
    const { client: second } = await connect(options);
    try {
      return { route, pooling: await detectPooling(client, second) };
    } finally {
      await second.end();
    }
  } finally {
    await client.end();
  }
}
