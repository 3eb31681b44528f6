import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database, Sql } from './database.ts';
import { DatabaseDamaged, DatabaseUnavailable } from './database-error.ts';
import { createHistory, type Explain, RightsMissing } from './migration-history.ts';

interface Migration {
  readonly name: string;
  readonly script: string;
  readonly checksum: string;
}

/** The database, or its journal, was made by another version than this one. */
export class MigrationMismatch extends Error {
  override readonly name = 'MigrationMismatch';
}

const migrationsDirectory = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Any number that nothing else in the database uses for an advisory lock. */
const advisoryLock = 4_280_428_042;

async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDirectory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const script = await readFile(join(migrationsDirectory, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    }),
  );
}

/** The newest migration of this version: what a journal of its rows is labelled with. */
export async function latestMigration(): Promise<string> {
  const migrations = await readMigrations();
  return migrations.at(-1)?.name ?? '';
}

/**
 * Applies the migrations that are missing, in one transaction, one instance at a time; up to and
 * with `through`, a journal's, where given. Refuses a database that a newer or an altered version migrated.
 */
export async function migrate(database: Database, through?: string): Promise<void> {
  const migrations = await readMigrations();
  if (through && !migrations.some(({ name }) => name === through)) throw unknown('journal', through);
  const wanted = through ? migrations.filter(({ name }) => name <= through) : migrations;
  await database.transaction(async (transaction) => {
    // Another instance may migrate for as long as it needs.
    await transaction.script(`SELECT pg_advisory_xact_lock(${advisoryLock})`, { unlimited: true });
    const explain = await createHistory(transaction);
    const applied = await appliedMigrations(transaction);
    refuseUnknown(applied, migrations);
    // In order, each building on the one before.
    for (const migration of wanted) {
      if (!applied.has(migration.name)) await apply(transaction, migration, explain);
    }
  });
}

async function appliedMigrations(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql.query<{ migration_name: string; checksum: string }>(
    `SELECT migration_name, checksum FROM wharfinger._prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseUnknown(applied: Map<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    if (!known.has(name)) throw unknown('database', name);
    if (known.get(name) !== checksum) {
      throw new MigrationMismatch(
        `The migration ${name} is not the one that the database was made with: restore its file.`,
      );
    }
  }
}

const unknown = (where: string, name: string) =>
  new MigrationMismatch(
    `The ${where} has the migration ${name}, which this version does not know: run the version that made it, or a newer one.`,
  );

/** A migration's own SQL did not run. Nothing of it stays. */
class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';

  constructor(migration: string, cause: unknown) {
    super(`The migration ${migration} failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The schema exists by then, and a role without the right to create one may not even ask for that. */
const createSchema = /^CREATE SCHEMA IF NOT EXISTS "wharfinger";$/m;

/** They say more than that a migration failed. */
const explained = [DatabaseDamaged, DatabaseUnavailable, RightsMissing];

async function apply(sql: Sql, { name, script, checksum }: Migration, explain: Explain): Promise<void> {
  // It may have a large table to rewrite or to index.
  const running = sql.script(script.replace(createSchema, ''), { unlimited: true }).catch(explain);
  await running.catch((error: unknown) => {
    throw explained.some((kind) => error instanceof kind) ? error : new MigrationFailed(name, error);
  });
  const record = sql.query(
    `INSERT INTO wharfinger._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  );
  await record.catch(explain);
}
