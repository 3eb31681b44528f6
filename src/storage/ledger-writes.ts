import type { Changes } from '../domain/ledger.ts';
import { notifyChannel, type Sql } from './database.ts';
import { toRow } from './rows.ts';

/**
 * Writes what a batch changed, in one statement: rows, events with their numbers, and one
 * notification. The counter's row stays locked to the commit, so numbers ascend in commit order.
 * Returns the newest number.
 */
export async function writeChanges(sql: Sql, changes: Changes): Promise<number> {
  const { codebases, worktrees, allocations, events } = changes;
  const values: unknown[] = [];
  const json = (rows: readonly object[]) => `$${values.push(JSON.stringify(rows))}::jsonb`;
  // A change without an event, such as a codebase's, takes a number too: it orders and announces it.
  const count = Math.max(events.length, 1);
  const parts = [
    `counter AS (UPDATE wharfinger.event_counter SET last_number = last_number + ${count} RETURNING last_number)`,
  ];
  const hostNames = new Set([...worktrees, ...allocations].map(({ hostName }) => hostName));
  if (hostNames.size > 0) {
    const names = `$${values.push([...hostNames])}::text[]`;
    parts.push(`new_host AS (INSERT INTO wharfinger.host (name) SELECT unnest(${names}) ON CONFLICT DO NOTHING)`);
  }
  if (codebases.length > 0)
    parts.push(upsert('codebase', codebaseColumns, json(codebases.map(toRow)), 'counter.last_number'));
  if (worktrees.length > 0)
    parts.push(upsert('worktree', worktreeColumns, json(worktrees.map(toRow)), 'counter.last_number'));
  if (allocations.length > 0) {
    // Released ones first, so that a port which changed hands in this batch is free when it is taken.
    const ordered = allocations.toSorted((a, b) => Number(a.releasedAt === null) - Number(b.releasedAt === null));
    parts.push(upsert('port_allocation', allocationColumns, json(ordered.map(toRow))));
  }
  if (events.length > 0) parts.push(insertEvents(json(events.map(toEventRow)), events.length));
  const [row] = await sql.query<{ number: string }>(
    `WITH ${parts.join(',\n')}
     SELECT last_number::text AS number, pg_notify('${notifyChannel}', last_number::text) FROM counter`,
    values,
  );
  if (!row) throw new Error('The event counter is missing.');
  return Number(row.number);
}

const codebaseColumns = ['name', 'repository_url', 'default_cwd', 'primary_port', 'service_ports', 'revision'];
const worktreeColumns = [
  'branch',
  'codebase_id',
  'conversation_id',
  'registered_at',
  'removed_at',
  'missing_since',
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
  'last_checked_at',
  'last_active_at',
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

function insertEvents(rows: string, count: number): string {
  return `new_event AS (
    INSERT INTO wharfinger.allocation_event
    SELECT new.* FROM counter, jsonb_array_elements(${rows}) WITH ORDINALITY AS each (row, ordinal),
      jsonb_populate_record(NULL::wharfinger.allocation_event,
        row || jsonb_build_object('number', counter.last_number - ${count} + ordinal)) AS new)`;
}

function toEventRow({ kind, occurredAt, cause, worktreePath, allocation }: Changes['events'][number]) {
  const { hostName, port, environment, id, codebaseId, conversationId } = allocation;
  return toRow({
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
