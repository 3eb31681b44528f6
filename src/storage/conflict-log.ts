import type { Allocation, Conflict, Host, Worktree } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { allocationFromRow, conflictFromRow, hostFromRow, type Row, worktreeFromRow } from './rows.ts';

/** A conflict as it opened or resolved, with what it is about, as that is when it is read. */
export interface LoggedConflict {
  /** Its place among all changes, in commit order. */
  readonly number: number;
  readonly conflict: Conflict;
  readonly host: Host;
  readonly allocation: Allocation | null;
  readonly worktree: Worktree | null;
}

interface LoggedRow {
  readonly number: string;
  readonly state: 'open' | 'resolved';
  readonly conflict: Row;
  readonly host: Row;
  readonly allocation: Row | null;
  readonly worktree: Row | null;
}

const select = `
  to_json(c) AS conflict, to_json(h) AS host, to_json(a) AS allocation, to_json(w) AS worktree
  FROM wharfinger.conflict c
  JOIN wharfinger.host h ON h.name = c.host_name
  LEFT JOIN wharfinger.port_allocation a ON a.id = c.allocation_id
  LEFT JOIN wharfinger.worktree w ON w.id = c.worktree_id`;

/** What opened and resolved after a number, in order, at most `limit`. */
export async function readConflictChanges(sql: Sql, after: number, limit: number): Promise<LoggedConflict[]> {
  const rows = await sql.query<LoggedRow>(
    `(SELECT c.opened_number::text AS number, 'open' AS state, ${select} WHERE c.opened_number > $1
      ORDER BY c.opened_number LIMIT $2)
     UNION ALL
     (SELECT c.resolved_number::text, 'resolved', ${select} WHERE c.resolved_number > $1
      ORDER BY c.resolved_number LIMIT $2)`,
    [after, limit],
  );
  return rows
    .map(toLoggedConflict)
    .sort((a, b) => a.number - b.number)
    .slice(0, limit);
}

/** The conflicts that are open now, the oldest first, and the number up to which that is so. */
export async function readOpenConflicts(sql: Sql): Promise<{ number: number; open: LoggedConflict[] }> {
  const rows = await sql.query<Partial<LoggedRow> & { last: string }>(
    `SELECT last_number::text AS last, open.*
     FROM wharfinger.event_counter LEFT JOIN LATERAL (
       SELECT c.opened_number::text AS number, 'open' AS state, ${select} WHERE c.resolved_at IS NULL
     ) open ON true
     ORDER BY open.number::bigint`,
  );
  const open = rows.filter((row): row is LoggedRow & { last: string } => row.number != null);
  return { number: Number(rows[0]?.last ?? 0), open: open.map(toLoggedConflict) };
}

/** A conflict by its id. */
export async function readConflict(sql: Sql, id: string): Promise<Conflict | undefined> {
  const [found] = await sql.query<{ row: Row }>(
    'SELECT to_json(c) AS row FROM wharfinger.conflict c WHERE id::text = lower($1)',
    [id],
  );
  return found && conflictFromRow(found.row);
}

function toLoggedConflict({ number, state, conflict, host, allocation, worktree }: LoggedRow): LoggedConflict {
  const found = conflictFromRow(conflict);
  return {
    number: Number(number),
    // What has resolved since then was open when it opened.
    conflict: state === 'open' ? { ...found, resolvedAt: null, dismissed: false } : found,
    host: hostFromRow(host),
    allocation: allocation && allocationFromRow(allocation),
    worktree: worktree && worktreeFromRow(worktree),
  };
}
