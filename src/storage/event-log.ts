import type { EventFilter } from '../domain/event-filter.ts';
import type { AllocationEvent, Codebase, Host, Worktree } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { codebaseFromRow, eventFromRow, hostFromRow, type Row, worktreeFromRow } from './rows.ts';

/** An event with what its allocation belongs to, as that is when the log is read: once, for however many subscribers. */
export interface LoggedEvent extends AllocationEvent {
  readonly host: Host;
  readonly codebase: Codebase | null;
  readonly worktree: Worktree | null;
}

interface LoggedRow {
  readonly event: Row;
  readonly host: Row;
  readonly codebase: Row | null;
  readonly worktree: Row | null;
}

/** The events after a number that match, oldest first, at most `limit`. */
export async function readEvents(
  sql: Sql,
  after: number,
  limit: number,
  filter: EventFilter = {},
): Promise<LoggedEvent[]> {
  const values: unknown[] = [after, limit];
  const conditions = ['e.number > $1'];
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`e.${column} = $${values.push(value)}`);
  };
  const oneOf = (column: string, wanted: readonly unknown[] | undefined, type: string) => {
    if (wanted) conditions.push(`e.${column} = ANY($${values.push(wanted)}::${type}[])`);
  };
  equal('host_name', filter.hostName);
  equal('codebase_id', filter.codebaseId);
  equal('worktree_path', filter.worktreePath);
  equal('conversation_id', filter.conversationId);
  oneOf('kind', filter.kinds, 'text');
  oneOf('environment', filter.environments, 'text');
  oneOf('port', filter.ports, 'integer');
  const rows = await sql.query<LoggedRow>(
    `SELECT to_json(e) AS event, to_json(h) AS host, to_json(c) AS codebase, to_json(w) AS worktree
     FROM wharfinger.allocation_event e
     JOIN wharfinger.host h ON h.name = e.host_name
     LEFT JOIN wharfinger.codebase c ON c.id = e.codebase_id
     LEFT JOIN wharfinger.worktree w ON w.id = (e.allocation->>'worktreeId')::uuid
     WHERE ${conditions.join(' AND ')} ORDER BY e.number LIMIT $2`,
    values,
  );
  return rows.map(({ event, host, codebase, worktree }) => ({
    ...eventFromRow(event),
    host: hostFromRow(host),
    codebase: codebase && codebaseFromRow(codebase),
    worktree: worktree && worktreeFromRow(worktree),
  }));
}

/** How many events there are after a number. */
export async function countEvents(sql: Sql, after: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM wharfinger.allocation_event WHERE number > $1',
    [after],
  );
  return row?.count ?? 0;
}

/** The newest number that was drawn. */
export async function readLastNumber(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ number: string }>('SELECT last_number::text AS number FROM wharfinger.event_counter');
  if (!row) throw new Error('The event counter is missing.');
  return Number(row.number);
}
