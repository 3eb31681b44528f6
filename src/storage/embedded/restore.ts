import type { Database, Sql, Transaction } from '../database.ts';
import { readLastNumber } from '../event-log.ts';
import { migrate } from '../migrations.ts';
import type { Row } from '../rows.ts';
import { journalTables, readContents } from './journal/journal-contents.ts';
import { type JournalEntry, readJournal } from './journal/journal-file.ts';

/** So many rows in one statement. */
const rowsAtOnce = 2_000;

/** More event numbers than a relaxed journal can lack. */
const skippedNumbers = 1_000_000;

export interface RestoreOptions {
  /**
   * Whether subscribers of the same registry go on with their cursors. Numbers that they may have seen, and that a
   * relaxed journal lacks, are not drawn again then.
   */
  readonly goesOn: boolean;
}

/**
 * Fills a database that has no registry yet from a journal or a snapshot: with the schema that its rows have first,
 * then brought up to date. Returns how many allocations it holds, released ones included. Throws where the database
 * has a registry, or the file is damaged or of a newer version; the database holds nothing more then.
 */
export async function restoreRegistry(
  database: Database,
  path: string,
  { goesOn }: RestoreOptions = { goesOn: false },
): Promise<number> {
  const { migration, number, prunedThrough, durability, tables } = await readContents(path);
  await migrate(database, migration);
  await database.transaction(async (sql) => {
    await sql.lock('everything');
    if ((await readLastNumber(sql)) > 0) {
      throw new Error('The database already has a registry: restore into an empty one.');
    }
    for (const { name, key } of journalTables) {
      const rows = [...(tables.get(name)?.values() ?? [])];
      await insertRows(sql, { name, key }, name === 'port_allocation' ? rows.map(forgetScans) : rows);
    }
    const skipped = goesOn && durability === 'relaxed' ? skippedNumbers : 0;
    await sql.query('UPDATE wharfinger.event_counter SET last_number = $1', [number + skipped]);
    // A schema without the column has pruned nothing.
    if (prunedThrough > 0) await sql.query('UPDATE wharfinger.event_counter SET pruned_through = $1', [prunedThrough]);
  });
  await migrate(database);
  return tables.get('port_allocation')?.size ?? 0;
}

/** Misses count only in a row, and scans that changed nothing are not in the file: both begin anew. */
const forgetScans = (row: Row): Row => (row.released_at === null ? { ...row, liveness: 'unknown', misses: 0 } : row);

async function insertRows(
  sql: Sql,
  { name, key }: { readonly name: string; readonly key: string },
  rows: readonly Row[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await sql.query(
      `INSERT INTO wharfinger.${name}
       SELECT * FROM jsonb_populate_recordset(NULL::wharfinger.${name}, $1::jsonb)
       ON CONFLICT (${key}) DO NOTHING`,
      [JSON.stringify(rows.slice(start, start + rowsAtOnce))],
    );
  }
}

/**
 * Carries out what a journal has and its database lacks, where the process ended between the append and the commit:
 * everything after event `after`. The database has the schema of the journal's rows.
 */
export async function replayJournal(database: Database, path: string, after: number): Promise<void> {
  const missing: JournalEntry[] = [];
  await readJournal(path, (entry) => {
    if (entry.number !== undefined && entry.number > after) missing.push(entry);
  });
  await database.transaction(async (transaction) => {
    for (const entry of missing) await replayEntry(transaction, entry); // in order
  });
}

async function replayEntry(transaction: Transaction, { number, prunedThrough, rows, deleted }: JournalEntry) {
  for (const { name, key } of journalTables) {
    const written = rows?.[name] ?? [];
    if (written.length > 0) await upsertRows(transaction, { name, key }, written); // in the order of the foreign keys
  }
  for (const { name, key } of journalTables.toReversed()) {
    const gone = deleted?.[name] ?? [];
    if (gone.length > 0) {
      await transaction.query(`DELETE FROM wharfinger.${name} WHERE ${key}::text = ANY($1::text[])`, [gone]);
    }
  }
  if (prunedThrough !== undefined) {
    await transaction.query('DELETE FROM wharfinger.allocation_event WHERE number <= $1', [prunedThrough]);
    await transaction.query('UPDATE wharfinger.event_counter SET pruned_through = $1', [prunedThrough]);
  }
  await transaction.query('UPDATE wharfinger.event_counter SET last_number = $1', [number]);
}

/** Entries of a host have only its name; all other rows are whole. */
async function upsertRows(
  sql: Sql,
  { name, key }: { readonly name: string; readonly key: string },
  rows: readonly Row[],
) {
  const found = await sql.query<{ column: string }>(
    `SELECT quote_ident(attname) AS column FROM pg_attribute
     WHERE attrelid = 'wharfinger.${name}'::regclass AND attnum > 0 AND NOT attisdropped`,
  );
  const set = found.map(({ column }) => `${column} = excluded.${column}`).join(', ');
  await sql.query(
    `INSERT INTO wharfinger.${name} SELECT * FROM jsonb_populate_recordset(NULL::wharfinger.${name}, $1::jsonb)
     ON CONFLICT (${key}) DO ${name === 'host' ? 'NOTHING' : `UPDATE SET ${set}`}`,
    [JSON.stringify(rows)],
  );
}
