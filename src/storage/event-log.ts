import type { AllocationEvent } from '../domain/registry-model.ts';
import type { Sql } from './database.ts';
import { eventFromRow, type Row } from './rows.ts';

/** The events after a number, oldest first, at most `limit`. */
export async function readEvents(sql: Sql, after: number, limit: number): Promise<AllocationEvent[]> {
  const rows = await sql.query<{ row: Row }>(
    'SELECT to_json(e) AS row FROM wharfinger.allocation_event e WHERE number > $1 ORDER BY number LIMIT $2',
    [after, limit],
  );
  return rows.map(({ row }) => eventFromRow(row));
}

/** The newest number that was drawn. */
export async function readLastNumber(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ number: string }>('SELECT last_number::text AS number FROM wharfinger.event_counter');
  if (!row) throw new Error('The event counter is missing.');
  return Number(row.number);
}
