import type { Sql } from '../../src/storage/database.ts';

const tables = {
  host: 'name',
  codebase: 'id',
  worktree: 'id',
  port_allocation: 'id',
  allocation_event: 'number',
  conflict: 'id',
  event_counter: 'id',
} as const;

/** Every row of the registry, by table, in a stable order: equal for equal registries. */
export async function dump(sql: Sql): Promise<Record<string, unknown[]>> {
  const contents: Record<string, unknown[]> = {};
  for (const [table, key] of Object.entries(tables)) {
    // One after the other, as a transaction requires.
    const rows = await sql.query<{ row: unknown }>(
      `SELECT to_json(t) AS row FROM wharfinger.${table} t ORDER BY ${key}::text COLLATE "C"`,
    );
    contents[table] = rows.map(({ row }) => row);
  }
  return contents;
}
