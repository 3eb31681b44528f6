import type { Changes } from '../domain/ledger.ts';
import type { Observation } from '../domain/ledger-changes.ts';
import { notifyChannel, type Sql, type Transaction } from './database.ts';
import { type Row, toListenerRow, toRow } from './rows.ts';

/** A transaction as far as writing needs it. */
export type Recording = Sql & Pick<Transaction, 'record'>;

/**
 * Writes what a batch changed, in one statement: rows, events with their numbers, and one
 * notification. The counter's row stays locked to the commit, so numbers ascend in commit order.
 * Returns the newest number.
 */
export async function writeChanges(transaction: Recording, changes: Changes): Promise<number> {
  const { codebases, worktrees, allocations, events, conflicts, conflictChanges } = changes;
  const values: unknown[] = [];
  const json = (rows: readonly object[]) => `$${values.push(JSON.stringify(rows))}::jsonb`;
  // A change without an event, such as a codebase's, takes a number too: it orders and announces it.
  const count = Math.max(events.length + conflictChanges.length, 1);
  const drawn = `$${values.push(count)}::bigint`;
  const parts = [
    `counter AS (UPDATE wharfinger.event_counter SET last_number = last_number + ${drawn} RETURNING last_number)`,
  ];
  const hostNames = [...new Set([...worktrees, ...allocations, ...conflicts].map(({ hostName }) => hostName))];
  const rows = {
    codebase: codebases.map(toRow),
    worktree: worktrees.map(toRow),
    // Released ones first, so that a port which changed hands in this batch is free when it is taken.
    port_allocation: allocations
      .toSorted((a, b) => Number(a.releasedAt === null) - Number(b.releasedAt === null))
      .map(toRow),
    allocation_event: events.map((event, index) => toEventRow(event, index + 1 - count)),
  };
  if (hostNames.length > 0) {
    const names = `$${values.push(hostNames)}::text[]`;
    parts.push(`new_host AS (INSERT INTO wharfinger.host (name) SELECT unnest(${names}) ON CONFLICT DO NOTHING)`);
  }
  if (codebases.length > 0) parts.push(upsert('codebase', codebaseColumns, json(rows.codebase), 'counter.last_number'));
  if (worktrees.length > 0) parts.push(upsert('worktree', worktreeColumns, json(rows.worktree), 'counter.last_number'));
  if (allocations.length > 0) parts.push(upsert('port_allocation', allocationColumns, json(rows.port_allocation)));
  if (conflicts.length > 0) parts.push(upsertConflicts(json(toConflictRows(changes, count))));
  if (events.length > 0) parts.push(insertEvents(json(rows.allocation_event)));
  const written = conflicts.length > 0 ? '(SELECT json_agg(to_json(new_conflict)) FROM new_conflict)' : 'NULL';
  const [row] = await transaction.query<{ number: string; conflicts: Row[] | null }>(
    `WITH ${parts.join(',\n')}
     SELECT last_number::text AS number, ${written} AS conflicts, pg_notify('${notifyChannel}', last_number::text)
     FROM counter`,
    values,
    { prepare: true },
  );
  if (!row) throw new Error('The event counter is missing.');
  const number = Number(row.number);
  // Claims whose port is idle refer to the one, and old history to the other.
  const times = new Map(
    changes.observations.map(({ hostName, observedTime, historyTime }) => [hostName, { observedTime, historyTime }]),
  );
  const revised = (each: Row) => ({ ...each, revision: number });
  transaction.record?.({
    number,
    rows: {
      host: hostNames.map((name) => toRow({ name, ...times.get(name) })),
      codebase: rows.codebase.map(revised),
      worktree: rows.worktree.map(revised),
      port_allocation: rows.port_allocation,
      conflict: row.conflicts ?? [],
      allocation_event: rows.allocation_event.map((each) => ({ ...each, number: number + Number(each.number) })),
    },
  });
  return number;
}

const codebaseColumns = ['name', 'repository_url', 'default_cwd', 'primary_port', 'service_ports', 'revision'];
const worktreeColumns = [
  'branch',
  'codebase_id',
  'conversation_id',
  'registered_at',
  'removed_at',
  'missing_since',
  'misses',
  'device',
  'revision',
];
const allocationColumns = [
  'service_name',
  'description',
  'status',
  'owner',
  'codebase_id',
  'worktree_id',
  'conversation_id',
  'metadata',
  'public_hostnames',
  'released_at',
  'liveness',
  'misses',
  'last_checked_at',
  'last_active_at',
  'idle_since',
  'process_id',
];

/** Inserts rows, or brings these columns of the ones with the same id up to date; `revision` is one of them where given. */
function upsert(table: string, columns: readonly string[], rows: string, revision?: string): string {
  const set = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  const source = revision
    ? `SELECT new.* FROM counter, jsonb_array_elements(${rows}) AS row,
       jsonb_populate_record(NULL::wharfinger.${table}, row || jsonb_build_object('revision', ${revision})) AS new`
    : `SELECT * FROM jsonb_populate_recordset(NULL::wharfinger.${table}, ${rows})`;
  return `new_${table} AS (INSERT INTO wharfinger.${table} ${source} ON CONFLICT (id) DO UPDATE SET ${set})`;
}

const eventColumns = [
  'kind',
  'occurred_at',
  'cause',
  'worktree_path',
  'host_name',
  'port',
  'environment',
  'codebase_id',
  'conversation_id',
  'allocation_id',
  'allocation',
];

/** Events whose numbers are given as how far they are from the last one that is drawn. */
function insertEvents(rows: string): string {
  return `new_event AS (
    INSERT INTO wharfinger.allocation_event (number, ${eventColumns.join(', ')})
    SELECT counter.last_number + number, ${eventColumns.join(', ')}
    FROM counter, jsonb_populate_recordset(NULL::wharfinger.allocation_event, ${rows}))`;
}

function toEventRow({ kind, occurredAt, cause, worktreePath, allocation }: Changes['events'][number], number: number) {
  const { hostName, port, environment, id, codebaseId, conversationId } = allocation;
  return toRow({
    number,
    kind,
    occurredAt,
    cause,
    worktreePath,
    hostName,
    port,
    environment,
    codebaseId,
    conversationId,
    allocationId: id,
    allocation,
  });
}

/** Each with the numbers, which come after those of the events, of what became of it in this batch. */
function toConflictRows({ conflicts, conflictChanges, events }: Changes, count: number) {
  const number = (id: string, wanted: 'open' | 'resolved') => {
    const index = conflictChanges.findIndex(({ conflictId, state }) => conflictId === id && state === wanted);
    return index < 0 ? -count : events.length + index + 1 - count;
  };
  // Resolved ones first, so that the next one with the same cause can open.
  return conflicts
    .toSorted((a, b) => Number(a.resolvedAt === null) - Number(b.resolvedAt === null))
    .map((conflict) => ({
      ...toRow(conflict),
      opened_number: number(conflict.id, 'open'),
      resolved_number: number(conflict.id, 'resolved'),
    }));
}

const conflictColumns = [
  'port',
  'environment',
  'message',
  'allocation_id',
  'worktree_id',
  'listener',
  'resolved_at',
  'dismissed',
  'revision',
];

/** A conflict keeps the number at which it opened; it resolves once. Numbers are given as those of events are. */
function upsertConflicts(rows: string): string {
  const set = conflictColumns.map((column) => `${column} = excluded.${column}`).join(', ');
  return `new_conflict AS (
    INSERT INTO wharfinger.conflict
    SELECT new.* FROM counter, jsonb_array_elements(${rows}) AS row,
      jsonb_populate_record(NULL::wharfinger.conflict, row || jsonb_build_object(
        'revision', counter.last_number,
        'opened_number', counter.last_number + (row->>'opened_number')::bigint,
        'resolved_number', CASE WHEN row->>'resolved_at' IS NOT NULL
          THEN counter.last_number + (row->>'resolved_number')::bigint END)) AS new
    ON CONFLICT (id) DO UPDATE SET ${set},
      resolved_number = CASE WHEN excluded.resolved_at IS NOT NULL
        THEN coalesce(conflict.resolved_number, excluded.resolved_number) END
    RETURNING conflict.*)`;
}

/** Writes when a host was looked at, and what listened on it, where that differs from the look before. */
export async function writeObservation(
  sql: Sql,
  { hostName, seenAt, observedTime, historyTime, listeners }: Observation,
): Promise<void> {
  await sql.query(
    `WITH seen AS MATERIALIZED (SELECT * FROM jsonb_populate_recordset(NULL::wharfinger.listener, $3::jsonb)),
       new_host AS (
         INSERT INTO wharfinger.host (name, last_seen_at, scanned_at, observed_time, history_time)
         VALUES ($1, $2, $2, $4, $5)
         ON CONFLICT (name) DO UPDATE SET last_seen_at = excluded.last_seen_at, scanned_at = excluded.scanned_at,
           observed_time = excluded.observed_time, history_time = excluded.history_time),
       gone AS (
         DELETE FROM wharfinger.listener l WHERE host_name = $1
         AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.port = l.port AND seen.process_id = l.process_id))
     INSERT INTO wharfinger.listener AS known SELECT * FROM seen
     ON CONFLICT (host_name, port, process_id) DO UPDATE SET addresses = excluded.addresses,
       process_name = excluded.process_name, command = excluded.command,
       working_directory = excluded.working_directory, worktree_id = excluded.worktree_id
     WHERE known IS DISTINCT FROM excluded`,
    [hostName, seenAt, JSON.stringify(listeners.map(toListenerRow)), observedTime, historyTime],
  );
}

/**
 * Says that a host's observer is there, and knows nothing any more of who listens. What it saw until then is
 * written first, since rows tell only changes.
 */
export async function forgetScan(sql: Sql, hostName: string, now: Date): Promise<void> {
  await sql.query(
    `WITH looked AS (SELECT name, scanned_at FROM wharfinger.host WHERE name = $1 AND scanned_at IS NOT NULL),
       seen AS (
         UPDATE wharfinger.port_allocation a SET
           last_checked_at = greatest(a.last_checked_at, looked.scanned_at),
           last_active_at = CASE WHEN a.liveness = 'live' THEN greatest(a.last_active_at, looked.scanned_at)
             ELSE a.last_active_at END
         FROM looked
         WHERE a.host_name = looked.name AND a.released_at IS NULL AND a.allocated_at <= looked.scanned_at)
     UPDATE wharfinger.host SET scanned_at = NULL, last_seen_at = $2 WHERE name = $1`,
    [hostName, now],
  );
}
