import type { Sql } from './database.ts';

/** The role may not create or change what the registry needs, and nobody did it before. */
export class RightsMissing extends Error {
  override readonly name = 'RightsMissing';

  constructor(what: string, cause: Error, remedy: string) {
    super(`The registry's ${what} (${cause.message}): ${remedy}`, { cause });
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

/** Throws RightsMissing for PostgreSQL's error that rights are missing, and any other error unchanged. */
export type Explain = (error: unknown) => never;

const explain =
  (what: string, remedy: string): Explain =>
  (error) => {
    const { code } = Object(error) as { code?: unknown };
    throw error instanceof Error && code === insufficientPrivilege ? new RightsMissing(what, error, remedy) : error;
  };

const haveRun = (statement: string) => `have somebody with the rights run ${statement}`;

/**
 * Creates the schema and the table of applied migrations, each only where it is missing: `IF NOT EXISTS` asks for the
 * right to create what exists. Throws RightsMissing where the role may not. Returns what explains the error of a
 * migration, which the owners of its tables alone may run.
 */
export async function createHistory(sql: Sql): Promise<Explain> {
  const [found] = await sql.query<{ role: string; schema: boolean; history: boolean; owners: string | null }>(
    `SELECT quote_ident(current_user) AS role, to_regnamespace('wharfinger') IS NOT NULL AS schema,
       coalesce(bool_or(relname = '_prisma_migrations'), false) AS history,
       string_agg(DISTINCT quote_ident(pg_get_userbyid(relowner)), ', ')
         FILTER (WHERE NOT pg_has_role(relowner, 'USAGE')) AS owners
     FROM pg_class WHERE relnamespace = to_regnamespace('wharfinger')`,
  );
  if (!found) throw new Error('PostgreSQL answered an aggregate without a row.');
  const { role, owners } = found;
  const letIn = haveRun(`GRANT USAGE, CREATE ON SCHEMA wharfinger TO ${role};`);
  if (!found.schema) {
    const remedy = haveRun(`CREATE SCHEMA wharfinger AUTHORIZATION ${role};`);
    await sql.script('CREATE SCHEMA wharfinger').catch(explain('schema cannot be set up', remedy));
  }
  if (!found.history) await sql.script(createTable).catch(explain('schema cannot be set up', letIn));
  const join = `start this version once with the login of ${owners}, or ${haveRun(`GRANT ${owners} TO ${role};`)}`;
  return explain('tables cannot be migrated', owners === null ? letIn : join);
}
