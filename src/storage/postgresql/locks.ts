import type { Sql } from '../database.ts';

/** The first of an advisory lock's two numbers: for all hosts together, and for one of them by its name's hash. */
const registryLock = 42_804;
const hostLock = 42_805;

/** Locks hosts, or everything, until the transaction ends. */
export async function lockHosts(sql: Sql, hosts: readonly string[] | 'everything'): Promise<void> {
  if (hosts === 'everything') {
    await sql.query('SELECT pg_advisory_xact_lock($1, 0)', [registryLock]);
    return;
  }
  // In one order everywhere, so that two instances never wait for each other.
  await sql.query(
    `SELECT pg_advisory_xact_lock_shared($1, 0), pg_advisory_xact_lock($2, hash)
     FROM (SELECT DISTINCT hashtext(name) AS hash FROM unnest($3::text[]) AS name ORDER BY hash) AS hashes`,
    [registryLock, hostLock, hosts],
  );
}
