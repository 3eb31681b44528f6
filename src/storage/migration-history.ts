import type { Sql } from './database.ts';

/** The role may not create what the registry needs, and nobody did it before. */
class RightsMissing extends Error {
  override readonly name = 'RightsMissing';

  constructor(statement: string, cause: Error) {
    super(`The registry's schema cannot be set up (${cause.message}): have somebody with the rights run ${statement}`, {
      cause,
    });
  }
}

const insufficientPrivilege = '42501';

/** Prisma's own table, so that `prisma migrate` sees what was applied. */
const createTable = `CREATE TABLE wharfinger._prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Creates the schema and the table of applied migrations, each only where it is missing: `IF NOT EXISTS` asks for the
 * right to create what exists. Throws RightsMissing where the role may not.
 */
export async function createHistory(sql: Sql): Promise<void> {
  const [found] = await sql.query<{ role: string; schema: boolean; history: boolean }>(
    `SELECT quote_ident(current_user) AS role, to_regnamespace('wharfinger') IS NOT NULL AS schema, EXISTS (
       SELECT FROM pg_class WHERE relnamespace = to_regnamespace('wharfinger') AND relname = '_prisma_migrations'
     ) AS history`,
  );
  const orAsk = (statement: string) => (error: unknown) => {
    const { code } = Object(error) as { code?: unknown };
    throw error instanceof Error && code === insufficientPrivilege ? new RightsMissing(statement, error) : error;
  };
  if (!found?.schema) {
    const statement = `CREATE SCHEMA wharfinger AUTHORIZATION ${found?.role};`;
    await sql.script('CREATE SCHEMA wharfinger').catch(orAsk(statement));
  }
  if (!found?.history) {
    const statement = `GRANT USAGE, CREATE ON SCHEMA wharfinger TO ${found?.role};`;
    await sql.script(createTable).catch(orAsk(statement));
  }
}
