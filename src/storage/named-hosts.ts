import type { Sql } from './database.ts';
import type { Recording } from './ledger-writes.ts';

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
 * included, no conflicts, and no worktrees but removed ones, which go too. The next claim on one makes it known
 * again; the events that name one stay. Those in `kept` are about to be written to.
 */
export async function forgetHosts(transaction: Recording, kept: readonly string[]): Promise<void> {
  const hosts = await transaction.query<{ name: string }>(
    `SELECT name FROM wharfinger.host h WHERE last_seen_at IS NULL AND name <> ALL ($1::text[])
       AND NOT EXISTS (SELECT FROM wharfinger.port_allocation WHERE host_name = h.name)
       AND NOT EXISTS (SELECT FROM wharfinger.worktree WHERE host_name = h.name AND removed_at IS NULL)
       AND NOT EXISTS (SELECT FROM wharfinger.conflict WHERE host_name = h.name)
     LIMIT ${mostForgotten} FOR UPDATE SKIP LOCKED`, // another instance may be writing a claim on it
    [kept],
  );
  if (hosts.length === 0) return;
  const names = hosts.map(({ name }) => name);
  const worktrees = await transaction.query<{ id: string }>(
    `DELETE FROM wharfinger.worktree WHERE host_name = ANY ($1::text[]) AND removed_at IS NOT NULL RETURNING id::text`,
    [names],
  );
  await transaction.query('DELETE FROM wharfinger.host WHERE name = ANY ($1::text[])', [names]);
  // Not the hosts: a name may come back at once, and a rebuilt registry forgets them again.
  if (worktrees.length > 0) transaction.record?.({ deleted: { worktree: worktrees.map(({ id }) => id) } });
}
