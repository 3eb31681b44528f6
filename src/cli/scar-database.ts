import type pg from 'pg';
import type { ScarDatabase, ScarRow } from '../interchange/scar-database.ts';
import { connect, NoServerUsable } from '../storage/postgresql/connect.ts';
import { wordsOf } from '../storage/postgresql/failure.ts';
import { InvalidPostgresqlUrl } from '../storage/postgresql/invalid-url.ts';
import { CertificateUnreadable } from '../storage/postgresql/tls.ts';
import { type PostgresqlUrl, parsePostgresqlUrl } from '../storage/postgresql/url.ts';
import { UsageMistake } from './fail.ts';

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;
const settings: pg.ClientConfig = {
  application_name: 'wharfinger import',
  connectionTimeoutMillis: connectTimeoutMs,
  query_timeout: statementTimeoutMs + connectTimeoutMs,
};

/** Reads what SCAR's database says of ports, in one transaction that cannot write. Messages never have the password. */
export async function readScarDatabase(text: string): Promise<ScarDatabase> {
  const url = parse(text);
  const place = url.location.replace('postgresql://', '');
  let client: pg.Client | undefined;
  try {
    ({ client } = await connect({ url, settings }));
    // By statements, since what a pooler does not know as a start-up parameter it refuses.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL statement_timeout = ${statementTimeoutMs}`);
    return await readTables(client, place);
  } catch (error) {
    throw explain(error, place);
  } finally {
    await client?.end().catch(() => {}); // it cannot be used any more
  }
}

function parse(text: string): PostgresqlUrl {
  try {
    return parsePostgresqlUrl(text);
  } catch (error) {
    if (!(error instanceof InvalidPostgresqlUrl)) throw error;
    throw new UsageMistake(`The URL of SCAR's database does not fit: it takes ${error.takes}.`);
  }
}

async function readTables(client: pg.Client, place: string): Promise<ScarDatabase> {
  const tables = await client.query<Record<'allocations' | 'codebases' | 'environments', boolean>>(
    `SELECT to_regclass('remote_agent_port_allocations') IS NOT NULL AS allocations,
       to_regclass('remote_agent_codebases') IS NOT NULL AS codebases,
       to_regclass('remote_agent_isolation_environments') IS NOT NULL AS environments`,
  );
  const [has] = tables.rows;
  if (!has?.allocations) {
    throw new Error(
      `The database at ${place} has no table remote_agent_port_allocations: is it SCAR's? One that never managed ports has none to import.`,
    );
  }
  const allocations = await read(client, allocationsSql);
  const named = (column: string) => [allocations.map((row) => row[column]).filter((value) => value != null)];
  return {
    allocations,
    codebases: has.codebases ? await read(client, codebasesSql, named('codebase_id')) : [],
    environments: has.environments ? await read(client, environmentsSql, named('worktree_path')) : [],
  };
}

// Versions of SCAR differ in their columns: a row as JSON has those that are there. Its times say no time zone, and are
// in that of the session, as they were when they were written.
const allocationsSql = `
  SELECT row, (row ->> 'allocated_at')::timestamptz AS allocated_at, (row ->> 'last_checked')::timestamptz AS last_checked
  FROM (SELECT port, to_jsonb(a) AS row FROM remote_agent_port_allocations AS a) AS allocations
  WHERE row ->> 'status' IS DISTINCT FROM 'released' ORDER BY port, row ->> 'id'`;
const codebasesSql = `
  SELECT row, (row ->> 'created_at')::timestamptz AS created_at
  FROM (SELECT to_jsonb(c) AS row FROM remote_agent_codebases AS c) AS codebases
  WHERE row ->> 'id' = ANY($1) ORDER BY row ->> 'id'`;
const environmentsSql = `
  SELECT DISTINCT ON (row ->> 'working_path') row
  FROM (SELECT to_jsonb(e) AS row FROM remote_agent_isolation_environments AS e) AS environments
  WHERE row ->> 'working_path' = ANY($1) AND row ->> 'status' IS DISTINCT FROM 'destroyed'
  ORDER BY row ->> 'working_path', row ->> 'created_at' DESC`;

async function read(client: pg.Client, sql: string, values: readonly unknown[] = []): Promise<ScarRow[]> {
  const { rows } = await client.query<{ row: ScarRow }>(sql, [...values]);
  return rows.map(({ row, ...times }) => ({ ...row, ...times }));
}

/** What the error is in SCAR's terms, and what to do. */
function explain(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || error instanceof CertificateUnreadable) return error;
  const { code = '' } = error as NodeJS.ErrnoException; // https://www.postgresql.org/docs/18/errcodes-appendix.html
  const words = wordsOf(error);
  const because = (text: string) => new Error(text, { cause: error });
  if (/^28/.test(code) || /password must be a string/.test(words)) {
    return because(
      `SCAR's database at ${place} does not let you in (${words}): check user and password, which the URL or PGPASSWORD has.`,
    );
  }
  if (/SSL|CERT|SIGNED/.test(`${code} ${words}`)) {
    return because(`There is no safe connection to SCAR's database at ${place} (${words}): check the URL's sslmode.`);
  }
  if (code === '3D000') {
    return because(`There is no database at ${place} (${words}): check the name at the end of the URL.`);
  }
  if (code === '42501') {
    return because(`SCAR's tables at ${place} may not be read by that user (${words}): use SCAR's own.`);
  }
  if (code === '57014' || /^Query read timeout/.test(words)) {
    return because(
      `SCAR's database at ${place} took more than ${statementTimeoutMs / 1_000} seconds: try again later.`,
    );
  }
  if (
    /^(E[A-Z]+|08...|57...|53...)$/.test(code) ||
    /timeout|terminated/i.test(words) ||
    error instanceof NoServerUsable
  ) {
    return because(`SCAR's database does not answer at ${place} (${words}): start it, or check the URL.`);
  }
  return code === '' ? error : because(`SCAR's database at ${place} cannot be read: ${words}.`);
}
