import type { EventFilter } from '../domain/event-filter.ts';
import type { AllocationEvent } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { eventFromRow, type Row } from './rows.ts';

/** The events after a number that match, oldest first, at most `limit`. */
export async function readEvents(
  sql: Sql,
  after: number,
  limit: number,
  filter: EventFilter = {},
): Promise<AllocationEvent[]> {
  const values: unknown[] = [after, limit];
  const conditions = ['number > $1'];
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
  };
  const oneOf = (column: string, wanted: readonly unknown[] | undefined, type: string) => {
    if (wanted) conditions.push(`${column} = ANY($${values.push(wanted)}::${type}[])`);
  };
  equal('host_name', filter.hostName);
  equal('codebase_id', filter.codebaseId);
  equal('worktree_path', filter.worktreePath);
  equal('conversation_id', filter.conversationId);
  oneOf('kind', filter.kinds, 'text');
  oneOf('environment', filter.environments, 'text');
  oneOf('port', filter.ports, 'integer');
  const rows = await sql.query<{ row: Row }>(
    `SELECT to_json(e) AS row FROM wharfinger.allocation_event e
     WHERE ${conditions.join(' AND ')} ORDER BY number LIMIT $2`,
    values,
  );
  return rows.map(({ row }) => eventFromRow(row));
}

/** The newest number that was drawn. */
export async function readLastNumber(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ number: string }>('SELECT last_number::text AS number FROM wharfinger.event_counter');
  if (!row) throw new Error('The event counter is missing.');
  return Number(row.number);
}
