import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite, type Transaction as PGliteTransaction } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { type Database, notifyChannel, type QueryOptions, type Sql } from '../database.ts';
import { DatabaseDamaged, translateDatabaseError } from '../database-error.ts';
import { createPrisma } from '../prisma-client.ts';
import { TimeSlices } from '../time-slices.ts';
import { PreparedStatements } from './pglite-prepared.ts';

/** A sixteenth of the default: a registry fits, and it saves 130 MB of memory. */
const sharedBuffers = '8MB';

/** The Prisma adapter reads every timestamp as UTC, whatever offset the session writes it with. */
const startParams = [...PGlite.defaultStartParams, '-c', `shared_buffers=${sharedBuffers}`, '-c', 'timezone=UTC'];

/**
 * PGlite's functions are optimised once they have run for long, and one at a time: by default, V8
 * optimises most of them in the first seconds, for which it takes a second and 50 MB that it keeps.
 */
const wasmFlags = ['--wasm-tiering-budget=100000000', '--wasm-num-compilation-tasks=1'];

interface Watch {
  /** Called with each error that shows damage, whether the registry or Prisma ran the statement. */
  readonly damaged: (error: DatabaseDamaged) => void;
  /** Why the database cannot be used any more: from then on, nothing is asked of it, nor answered. */
  readonly failure: () => Error | undefined;
}

const unwatched: Watch = { damaged: () => {}, failure: () => undefined };

/** Opens an existing cluster. The caller holds the directory's lock: PGlite itself has none. */
export async function openPglite(directory: string, watch = unwatched): Promise<Database> {
  // Without it PGlite would create a cluster over whatever else is there.
  if (!existsSync(join(directory, 'PG_VERSION'))) throw new DatabaseDamaged('it has no PG_VERSION');
  for (const flag of wasmFlags) setFlagsFromString(flag);
  const pglite = await PGlite.create({ dataDir: directory, startParams });
  letOthersIn(pglite);
  watchStatements(pglite, watch);
  const prisma = createPrisma(new PrismaPGlite(pglite) as never); // its own copy of the adapter's types
  const sql = sqlOf(pglite);
  const prepared = new PreparedStatements(pglite);
  return {
    ...sql,
    engine: 'embedded',
    location: directory,
    prisma,
    async transaction(work) {
      try {
        // This process is the only one, and PGlite runs one transaction at a time: nothing is left to lock.
        return await pglite.transaction((transaction) =>
          work({ ...sqlOf(transaction, prepared), lock: async () => {} }),
        );
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
    listen: (wake) => pglite.listen(notifyChannel, wake),
    health: async () => undefined,
    async close() {
      await prisma.$disconnect();
      await pglite.close();
    },
  };
}

/**
 * PGlite computes in this thread, and its promises resolve before the event loop turns: one read after another, as of the
 * parts of a long list, would keep everything else waiting.
 */
function letOthersIn(pglite: PGlite): void {
  const { query } = pglite;
  const slices = new TimeSlices();
  pglite.query = async (...given) => {
    await slices.pause();
    return query.apply(pglite, given) as never; // of the row type asked for
  };
}

/** Reports damage and refuses what is asked after a failure: of Prisma too, which calls the instance's own methods. */
function watchStatements(pglite: PGlite, { damaged, failure }: Watch): void {
  const { query, transaction } = pglite;
  const refuseFailed = () => {
    const error = failure();
    if (error) throw error;
  };
  const report = (error: unknown): never => {
    const translated = translateDatabaseError(error);
    if (translated instanceof DatabaseDamaged) damaged(translated);
    throw error;
  };
  pglite.query = async (...given) => {
    refuseFailed();
    const results = await query.apply(pglite, given).catch(report);
    refuseFailed(); // while this one waited for its turn, another one may have failed
    return results as never; // of the row type asked for
  };
  pglite.transaction = async (work) => {
    refuseFailed();
    const guarded: typeof work = async (inner) => {
      refuseFailed(); // as above
      return work(inner);
    };
    return transaction.call(pglite, guarded).catch(report) as never; // of what the work returns
  };
}

function sqlOf(client: PGlite | PGliteTransaction, prepared?: PreparedStatements): Sql {
  return {
    async query<Row>(text: string, values: readonly unknown[] = [], { prepare = false }: QueryOptions = {}) {
      try {
        if (prepare && prepared) return await prepared.query<Row>(text, values);
        const { rows } = await client.query<Row>(text, [...values]);
        return rows;
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
    async script(text) {
      try {
        await client.exec(text);
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}

/**
 * Run in a child process: whoever runs initdb keeps some 700 MB of memory for the rest of its life. It
 * runs each function too seldom for V8's optimising compiler to pay, which takes two fifths of the time.
 */
const initialise = `
import { PGlite } from '@electric-sql/pglite';
const database = await PGlite.create({ dataDir: process.argv[1] });
await database.close();
process.exit(0);
`;

/** Creates an empty cluster in a directory that does not exist yet. */
export async function createCluster(directory: string): Promise<void> {
  const flags = ['--liftoff-only', '--input-type=module'];
  const child = spawn(process.execPath, [...flags, '--eval', initialise, resolve(directory)], {
    cwd: import.meta.dirname, // where an evaluated module's imports are looked up from
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`Creating the embedded database in ${directory} failed: ${stderr.trim()}`);
}
