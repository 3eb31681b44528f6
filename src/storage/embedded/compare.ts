import type { Database, Sql } from '../database.ts';
import { DatabaseDamaged } from '../database-error.ts';
import type { Row } from '../rows.ts';
import { type Holdings, holdingOf } from './journal/journal-contents.ts';

/** Has PostgreSQL read a table itself, or only through an index, whatever it would choose. */
const from = {
  table:
    'SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off;',
  index:
    'SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on; SET LOCAL enable_bitmapscan = on;',
};

/**
 * Compares the live allocations and the newest event with the journal's: as the tables have them, and as the indexes
 * do that decide who gets a port. Throws DatabaseDamaged where they differ.
 */
export async function compareWithJournal(database: Database, { live, newestEvent }: Holdings): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const [where, settings] of Object.entries(from)) {
      await transaction.script(settings);
      await compareLive(transaction, where, live); // one connection
      const [newest] = await transaction.query<{ number: string }>(
        'SELECT coalesce(max(number), 0)::text AS number FROM wharfinger.allocation_event',
      );
      if (Number(newest?.number) !== newestEvent) {
        throw new DatabaseDamaged(
          `its newest event, by its ${where}, is ${newest?.number}, the journal's ${newestEvent}`,
        );
      }
    }
  });
}

async function compareLive(sql: Sql, where: string, live: ReadonlyMap<string, string>): Promise<void> {
  const rows = await sql.query<Row>(
    `SELECT id::text, host_name, port, environment, owner, service_name FROM wharfinger.port_allocation
     WHERE released_at IS NULL ORDER BY host_name, port`,
  );
  if (rows.length !== live.size) {
    throw new DatabaseDamaged(`it has ${rows.length} live allocations by its ${where}, the journal has ${live.size}`);
  }
  const other = rows.find((row) => live.get(String(row.id)) !== holdingOf(row));
  if (other) throw new DatabaseDamaged(`port ${other.port} of ${other.host_name} is held otherwise in the journal`);
}
