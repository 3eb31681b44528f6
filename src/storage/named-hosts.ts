import type { Sql } from './database.ts';

/** How many of these hosts are not known yet, and how many are known although no observer ever reported from them. */
export async function countNamedHosts(
  sql: Sql,
  hostNames: readonly string[],
): Promise<{ readonly added: number; readonly unobserved: number }> {
  const [row] = await sql.query<{ added: number; unobserved: number }>(
    `SELECT
       (SELECT count(*)::integer FROM unnest($1::text[]) AS named (name)
        WHERE NOT EXISTS (SELECT FROM wharfinger.host h WHERE h.name = named.name)) AS added,
       (SELECT count(*)::integer FROM wharfinger.host WHERE last_seen_at IS NULL) AS unobserved`,
    [hostNames],
  );
  return row ?? { added: 0, unobserved: 0 };
}

/** How many hosts one cleanup forgets, so that its transaction stays short. */
const mostForgotten = 1_000;

/**
 * Deletes hosts from which no observer ever reported and on which nothing is left: no allocations, released ones
 * included, no worktrees and no conflicts. The next claim on one makes it known again.
 */
export async function forgetHosts(sql: Sql): Promise<void> {
  await sql.query(
    `DELETE FROM wharfinger.host WHERE name = ANY (ARRAY(
       SELECT name FROM wharfinger.host h WHERE last_seen_at IS NULL
         AND NOT EXISTS (SELECT FROM wharfinger.port_allocation WHERE host_name = h.name)
         AND NOT EXISTS (SELECT FROM wharfinger.worktree WHERE host_name = h.name)
         AND NOT EXISTS (SELECT FROM wharfinger.conflict WHERE host_name = h.name)
       LIMIT ${mostForgotten} FOR UPDATE SKIP LOCKED))`, // another instance may be writing a claim on it
    [],
  );
}
