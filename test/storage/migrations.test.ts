import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it } from 'vitest';
import type { Database, Sql } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrations.ts';
import { embedded, engines, postgresql } from '../support/databases.ts';
import { allocate, openRegistry, worktree } from '../support/registry.ts';
import { createSchemaEngine } from '../support/schema-engine.ts';

const readHistory = (database: Database) =>
  database.query('SELECT * FROM wharfinger._prisma_migrations ORDER BY migration_name');

describe('the migrations', () => {
  it('produce exactly the Prisma schema', async () => {
    const { dataDirectory = '' } = await embedded.create();
    const pglite = await PGlite.create({ dataDir: join(dataDirectory, 'database') });
    try {
      const schemaEngine = await createSchemaEngine(pglite);
      expect((await schemaEngine.drift()).trim()).toBe('-- This is an empty migration.');

      await pglite.exec('ALTER TABLE wharfinger.worktree DROP COLUMN branch');
      expect(await schemaEngine.drift()).toContain('ADD COLUMN     "branch" TEXT');
    } finally {
      await pglite.close();
    }
  });
});

describe.each(engines)('migrating $name', (engine) => {
  it('records each migration as Prisma would have', async () => {
    const database = await engine.open();
    const names = (await readdir('prisma/migrations')).filter((name) => !name.endsWith('.toml')).sort();
    const expected = names.map(async (name) => ({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: createHash('sha256')
        .update(await readFile(join('prisma/migrations', name, 'migration.sql')))
        .digest('hex'),
      finished_at: expect.any(Date),
      migration_name: name,
      logs: null,
      rolled_back_at: null,
      started_at: expect.any(Date),
      applied_steps_count: 1,
    }));

    expect(await readHistory(database)).toEqual(await Promise.all(expected));
  });

  it('changes nothing the second time', async () => {
    const database = await engine.open();
    const allocation = await allocate(openRegistry(database), 'web', { owner: worktree('/wt/a') });
    const before = await readHistory(database);

    await migrate(database);

    expect(await readHistory(database)).toEqual(before);
    expect(await database.query('SELECT id FROM wharfinger.port_allocation')).toEqual([{ id: allocation.id }]);
  });

  it('refuses a database that a newer version migrated, and leaves it as it is', async () => {
    const place = await engine.create();
    const database = await place.open();
    await allocate(openRegistry(database), 'web', { owner: worktree('/wt/a') });
    await database.query(
      `INSERT INTO wharfinger._prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES (gen_random_uuid()::text, 'f00d', '20991231000000_hovercraft', now())`,
    );
    await database.close();

    const message =
      'The database has the migration 20991231000000_hovercraft, which this version does not know: run the version that made it, or a newer one.';
    await expect(place.open()).rejects.toThrow(message);
    await expect(place.open()).rejects.toThrow(message);
  });

  it('refuses a database that was made with an altered migration', async () => {
    const place = await engine.create();
    const database = await place.open();
    await database.query(`UPDATE wharfinger._prisma_migrations SET checksum = 'f00d'`);
    await database.close();

    await expect(place.open()).rejects.toThrow(
      /^The migration \d+_registry is not the one that the database was made with: restore its file\.$/,
    );
  });
});

describe('a migration of a large table on PostgreSQL', () => {
  it('may take longer than a statement of a request', async () => {
    const database = await postgresql.open();
    const timeout = (sql: Sql) => sql.query(`SELECT current_setting('statement_timeout') AS timeout`);
    await database.transaction(async (transaction) => {
      await transaction.script('CREATE TABLE wharfinger.large ()', { unlimited: true });
      expect(await timeout(transaction)).toEqual([{ timeout: '0' }]);
    });
    expect(await timeout(database)).toEqual([{ timeout: '5s' }]);
  });
});

describe('several instances that start at once on one PostgreSQL', () => {
  it('apply each migration once', async () => {
    const place = await postgresql.create();
    const databases = await Promise.all(Array.from({ length: 5 }, () => place.open()));
    const history = await Promise.all(databases.map(readHistory));

    expect(history[0]).toHaveLength(
      (await readdir('prisma/migrations', { withFileTypes: true })).filter((entry) => entry.isDirectory()).length,
    );
    for (const each of history) expect(each).toEqual(history[0]);
  });
});
