import type { EventFilter } from '../domain/event-filter.ts';
import { neverScanned } from '../domain/observed-time.ts';
import type { AllocationEvent, Codebase, Host, Worktree } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { codebaseFromRow, eventFromRow, hostFromRow, type Row, worktreeFromRow } from './rows.ts';

/** An event with what its allocation belongs to, as that is when the log is read: once, for however many subscribers. */
export interface LoggedEvent extends AllocationEvent {
  readonly host: Host;
  readonly codebase: Codebase | null;
  readonly worktree: Worktree | null;
}

/** Where the log begins and ends. */
export interface LogSpan {
  /** Every event up to this number has been deleted as old history. */
  readonly prunedThrough: number;
  /** The newest number that was drawn. */
  readonly last: number;
}

/** The log cannot be read on from a cursor: it lies beyond the end, or what followed it was deleted as old history. */
export class UnknownCursor extends Error {
  override readonly name = 'UnknownCursor';
  /** The nearest number after which the log is whole. */
  readonly wholeAfter: number;

  constructor(cursor: number, { prunedThrough, last }: LogSpan) {
    const [fact, wholeAfter] =
      cursor > last
        ? [`is not of this registry, whose log ends at ${last}: it was perhaps restored from an older copy.`, last]
        : [
            `is older than the history that is kept (PORT_HISTORY_DAYS), which begins after ${prunedThrough}.`,
            prunedThrough,
          ];
    super(`The cursor ${cursor} ${fact} Subscribe without a cursor and read the allocations anew.`);
    this.wholeAfter = wholeAfter;
  }
}

/** Refuses a cursor after which the log is not whole. */
export function refuseUnknown(cursor: number, span: LogSpan): void {
  if (cursor > span.last || cursor < span.prunedThrough) throw new UnknownCursor(cursor, span);
}

interface SpanRow {
  readonly pruned: string;
  readonly last: string;
}

const selectSpan = 'pruned_through::text AS pruned, last_number::text AS last';

function toSpan(row: SpanRow | undefined): LogSpan {
  if (!row) throw new Error('The event counter is missing.');
  return { prunedThrough: Number(row.pruned), last: Number(row.last) };
}

export async function readLogSpan(sql: Sql): Promise<LogSpan> {
  const [row] = await sql.query<SpanRow>(`SELECT ${selectSpan} FROM wharfinger.event_counter`);
  return toSpan(row);
}

/** The newest number that was drawn. */
export async function readLastNumber(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ number: string }>('SELECT last_number::text AS number FROM wharfinger.event_counter');
  if (!row) throw new Error('The event counter is missing.');
  return Number(row.number);
}

interface LoggedRow extends SpanRow {
  /** Null in the one row that there is where nothing matches. */
  readonly event: Row | null;
  /** Null where it was forgotten since; see `forgetHosts`. */
  readonly host: Row | null;
  readonly codebase: Row | null;
  readonly worktree: Row | null;
}

/**
 * The events after a number that match, oldest first, at most `limit`; `after` undefined: from the oldest that
 * is kept. Throws UnknownCursor where the log does not reach back to `after`, or not up to it.
 */
export async function readEvents(
  sql: Sql,
  after: number | undefined,
  limit: number,
  filter: EventFilter = {},
): Promise<LoggedEvent[]> {
  const values: unknown[] = [after ?? 0, limit];
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
  // With the log's span in the same statement: what is deleted a moment later is still read here.
  const rows = await sql.query<LoggedRow>(
    `SELECT ${selectSpan}, found.*
     FROM wharfinger.event_counter LEFT JOIN LATERAL (
       SELECT to_json(e) AS event, to_json(h) AS host, to_json(c) AS codebase, to_json(w) AS worktree
       FROM wharfinger.allocation_event e
       LEFT JOIN wharfinger.host h ON h.name = e.host_name
       LEFT JOIN wharfinger.codebase c ON c.id = e.codebase_id
       LEFT JOIN wharfinger.worktree w ON w.id = (e.allocation->>'worktreeId')::uuid
       WHERE ${conditions.join(' AND ')} ORDER BY e.number LIMIT $2
     ) found ON true
     WHERE event_counter.id = 1`,
    values,
  );
  if (after !== undefined) refuseUnknown(after, toSpan(rows[0]));
  const events = rows.flatMap(({ event, host, codebase, worktree }): LoggedEvent[] => {
    if (!event) return [];
    return [
      {
        ...eventFromRow(event),
        host: host ? hostFromRow(host) : { name: String(event.host_name), lastSeenAt: null, ...neverScanned },
        codebase: codebase && codebaseFromRow(codebase),
        worktree: worktree && worktreeFromRow(worktree),
      },
    ];
  });
  // As they come, in all likelihood; but the join need not keep the order.
  return events.sort((a, b) => a.number - b.number);
}

/** How many events there are after a number. */
export async function countEvents(sql: Sql, after: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM wharfinger.allocation_event WHERE number > $1',
    [after],
  );
  return row?.count ?? 0;
}
