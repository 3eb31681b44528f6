import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, inject, onTestFinished } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { type DatabaseOptions, openDatabase } from '../../src/storage/open.ts';
import { copyDirectory } from './copy-directory.ts';
import { databaseHome } from './database-home.ts';
import { hasPgbouncer, type PoolMode, startPgbouncer } from './pgbouncer.ts';
import { databaseUrl, runSql } from './postgresql-server.ts';

/**
 * The same suite on both engines, each test on a database of its own, which is gone when it ends:
 *
 *     describe.each(engines)('releasing on $name', (engine) => {
 *       it('frees the port', async () => {
 *         const database = await engine.open();
 */
export interface Engine {
  readonly name: string;
  /** An empty registry, not opened yet, disposed of when the test ends, or by whoever takes the cleanup. */
  create(later?: Later): Promise<TestDatabase>;
  /** `create`, opened once. */
  open(): Promise<Database>;
}

/** Takes what is to be done when a database is no longer needed. */
type Later = (cleanup: () => Promise<void>) => unknown;

export interface TestDatabase extends AsyncDisposable {
  /** PostgreSQL's only. */
  readonly url?: string;
  /** The embedded one's only. */
  readonly dataDirectory?: string;
  /** Opens an instance, closed when the test ends or before. PostgreSQL takes several at once. */
  open(
    options?: Partial<Pick<DatabaseOptions, 'log' | 'damaged' | 'durability' | 'rewriteAfterBytes'>>,
  ): Promise<Database>;
}

export const embedded: Engine = engine('embedded', createEmbedded);
export const postgresql: Engine = engine('postgresql', createPostgresql);
export const engines: readonly Engine[] = [embedded, postgresql];
/** PostgreSQL behind a PgBouncer of its own in each mode; none where there is no PgBouncer. */
export const pooled: readonly Engine[] = hasPgbouncer ? [pooledEngine('session'), pooledEngine('transaction')] : [];

function engine(name: Engine['name'], makePlace: () => Promise<Place>): Engine {
  const create = async (later: Later = onTestFinished) => {
    const database = testDatabase(await makePlace());
    later(async () => database[Symbol.asyncDispose]());
    return database;
  };
  return { name, create, open: async () => (await create()).open() };
}

function pooledEngine(mode: PoolMode): Engine {
  return engine(`PgBouncer in ${mode} mode`, async () => {
    const { url = '', remove } = await createPostgresql();
    const pooler = await startPgbouncer(url, mode);
    return {
      url: pooler.url,
      async remove() {
        await pooler.dispose();
        await remove();
      },
    };
  });
}

/** Makes an empty cluster as `createCluster` does, in less than a tenth of the time. */
export const copyCluster = (directory: string) => copyDirectory(inject('clusterTemplate'), directory);

/** Where a test's database is, and how it is deleted. */
interface Place {
  readonly url?: string;
  readonly dataDirectory?: string;
  remove(): Promise<void>;
}

function testDatabase({ remove, ...place }: Place): TestDatabase {
  const opened = new Set<Database>();
  return {
    ...place,
    async open(options) {
      const database = await openDatabase({
        dataDirectory: place.dataDirectory ?? '',
        databaseUrl: place.url,
        // Few tests are about the disk, and it is slow: those ask for `full`.
        durability: 'relaxed',
        log: pino({ level: 'silent' }),
        damaged: () => {},
        createCluster: copyCluster,
        ...options,
      });
      opened.add(database);
      const close = async () => {
        if (opened.delete(database)) await database.close();
      };
      return { ...database, close };
    },
    async [Symbol.asyncDispose]() {
      try {
        await Promise.all([...opened].map((database) => database.close()));
      } finally {
        await remove();
      }
    },
  };
}

/** One opened database for all tests of a `describe`, which leave it as they found it. */
export function shareDatabase(engine: Engine): () => Database {
  let database: Database | undefined;
  beforeAll(async () => {
    let dispose: (() => Promise<void>) | undefined;
    const place = await engine.create((cleanup) => {
      dispose = cleanup;
    });
    database = await place.open();
    return dispose;
  });
  return () => {
    if (!database) throw new Error('The shared database is open in tests only.');
    return database;
  };
}

async function createEmbedded(): Promise<Place> {
  const home = await mkdtemp(join(databaseHome, 'wharfinger-test-'));
  const dataDirectory = join(home, 'data');
  await copyDirectory(inject('embeddedTemplate'), dataDirectory);
  return { dataDirectory, remove: () => rm(home, { recursive: true, force: true }) };
}

async function createPostgresql(): Promise<Place> {
  const server = inject('postgresqlUrl');
  const name = `wharfinger_test_${randomUUID().replaceAll('-', '')}`;
  // Copying the template's files takes less than half of what writing them to the log does.
  await runSql(server, `CREATE DATABASE ${name} TEMPLATE ${inject('postgresqlTemplate')} STRATEGY FILE_COPY`);
  return { url: databaseUrl(server, name), remove: () => runSql(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}
