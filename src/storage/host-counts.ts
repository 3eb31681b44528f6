import type { ConflictKind } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';

/** How many listeners the last look at a host has found. */
export async function countListeners(sql: Sql, hostName: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM wharfinger.listener WHERE host_name = $1',
    [hostName],
  );
  return row?.count ?? 0;
}

/** How many conflicts of each kind are open on a host; kinds without any are left out. */
export async function countOpenConflicts(sql: Sql, hostName: string): Promise<Map<ConflictKind, number>> {
  const rows = await sql.query<{ kind: ConflictKind; count: number }>(
    `SELECT kind, count(*)::integer AS count FROM wharfinger.conflict
     WHERE host_name = $1 AND resolved_at IS NULL GROUP BY kind`,
    [hostName],
  );
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}
