import type { Pruning } from '../domain/ledger-changes.ts';
import type { Sql } from './database.ts';
import type { Recording } from './ledger-writes.ts';

/** How many old events one part of pruning deletes, so that its transaction stays short. */
export const mostEventsPruned = 10_000;
/** The same limit for resolved conflicts. */
export const mostConflictsPruned = 1_000;

/** How many events, itself among them, decide whether an event's own date can be believed. */
const eventsCompared = 1_000;

/**
 * The oldest events by number, at most `limit`, each with whether it may be deleted: it is old by its own date, or
 * most of the events from it on are. So an event that was dated too late, while a clock was wrong, keeps
 * those after it no longer than until half as many are old; and one that was dated too early does not take those before it along.
 */
const oldestEvents = (limit: number) =>
  `SELECT number, occurred_at < $1 OR 2 * count(*) FILTER (WHERE occurred_at < $1) OVER following
       > count(*) OVER following AS may_go
     FROM (SELECT number, occurred_at FROM wharfinger.allocation_event ORDER BY number LIMIT ${limit + eventsCompared})
     WINDOW following AS (ORDER BY number ROWS BETWEEN CURRENT ROW AND ${eventsCompared - 1} FOLLOWING)
     ORDER BY number LIMIT ${limit}`;

/**
 * Deletes one part of the old history: these allocations, the resolved conflicts that are oldest, and events up to
 * the first one that stays.
 */
export async function writePruning(transaction: Recording, { before, allocationIds }: Pruning): Promise<void> {
  if (allocationIds.length > 0) {
    await transaction.query('DELETE FROM wharfinger.port_allocation WHERE id = ANY($1::uuid[])', [allocationIds]);
  }
  const conflicts = await transaction.query<{ id: string }>(
    `DELETE FROM wharfinger.conflict WHERE id = ANY (ARRAY(
       SELECT id FROM wharfinger.conflict WHERE resolved_at < $1 AND NOT dismissed
       ORDER BY resolved_at LIMIT ${mostConflictsPruned}))
     RETURNING id::text`,
    [before],
  );
  const [events] = await transaction.query<{ last: string }>(
    `WITH oldest AS MATERIALIZED (${oldestEvents(mostEventsPruned)}),
     pruned AS (
       DELETE FROM wharfinger.allocation_event WHERE number BETWEEN (SELECT min(number) FROM oldest) AND coalesce(
         (SELECT min(number) - 1 FROM oldest WHERE NOT may_go), (SELECT max(number) FROM oldest))
       RETURNING number)
     UPDATE wharfinger.event_counter SET pruned_through = pruned.last
     FROM (SELECT max(number) AS last FROM pruned) AS pruned WHERE pruned.last IS NOT NULL
     RETURNING pruned_through::text AS last`,
    [before],
  );
  if (allocationIds.length === 0 && conflicts.length === 0 && !events) return;
  transaction.record?.({
    ...(events && { prunedThrough: Number(events.last) }),
    deleted: { port_allocation: allocationIds, conflict: conflicts.map(({ id }) => id) },
  });
}

/** Whether another part would delete anything; of allocations, those on this host count. */
export async function hasOldHistory(sql: Sql, before: Date, hostName: string): Promise<boolean> {
  const [row] = await sql.query<{ is_left: boolean }>(
    `SELECT (SELECT true FROM wharfinger.port_allocation WHERE released_at < $1 AND host_name = $2
         ORDER BY released_at LIMIT 1) IS true
       OR (SELECT true FROM wharfinger.conflict WHERE resolved_at < $1 AND NOT dismissed
         ORDER BY resolved_at LIMIT 1) IS true
       OR (SELECT may_go FROM (${oldestEvents(1)}) AS oldest) IS true AS is_left`,
    [before, hostName],
  );
  return row?.is_left === true;
}
