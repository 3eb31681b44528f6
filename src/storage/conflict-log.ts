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

/** What opened and resolved after a number, in order, at most `limit`. */
export const readConflictChanges = (sql: Sql, after: number, limit: number): Promise<LoggedConflict[]> =>
  readLogged(
    sql,
    `(SELECT id, opened_number AS number, 'open' AS state FROM wharfinger.conflict
      WHERE opened_number > $1 ORDER BY opened_number LIMIT $2)
     UNION ALL
     (SELECT id, resolved_number, 'resolved' FROM wharfinger.conflict
      WHERE resolved_number > $1 ORDER BY resolved_number LIMIT $2)`,
    [after, limit],
  );

/**
 * The conflicts that were open when the number `at` was the newest, in the order in which they opened: those
 * that opened after the number `after`, at most `limit`. Whatever resolved since then is told as open.
 */
export const readConflictsOpenAt = (
  sql: Sql,
  { at, after, limit }: { readonly at: number; readonly after: number; readonly limit: number },
): Promise<LoggedConflict[]> =>
  // In two parts, since each has an index, and what resolved long ago is by far the most.
  readLogged(
    sql,
    `SELECT id, opened_number AS number, 'open' AS state FROM wharfinger.conflict
     WHERE resolved_at IS NULL AND opened_number > $1 AND opened_number <= $3
     UNION ALL
     SELECT id, opened_number, 'open' FROM wharfinger.conflict
     WHERE resolved_number > $3 AND opened_number > $1 AND opened_number <= $3`,
    [after, limit, at],
  );

/** The first of these places in the log, at most $2, with what is there. */
async function readLogged(sql: Sql, places: string, values: readonly unknown[]): Promise<LoggedConflict[]> {
  const rows = await sql.query<LoggedRow>(
    `SELECT place.number::text, place.state,
       to_json(c) AS conflict, to_json(h) AS host, to_json(a) AS allocation, to_json(w) AS worktree
     FROM (SELECT * FROM (${places}) AS place ORDER BY number LIMIT $2) AS place
     JOIN wharfinger.conflict c USING (id)
     JOIN wharfinger.host h ON h.name = c.host_name
     LEFT JOIN wharfinger.port_allocation a ON a.id = c.allocation_id
     LEFT JOIN wharfinger.worktree w ON w.id = c.worktree_id
     ORDER BY place.number`,
    values,
  );
  return rows.map(toLoggedConflict);
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
