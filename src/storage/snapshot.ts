import { truncate } from 'node:fs/promises';
import type { Database, Sql } from './database.ts';
import { readLastNumber } from './event-log.ts';
import { latestMigration, migrate } from './migrations.ts';
import type { Row } from './rows.ts';
import {
  appendSnapshot,
  type LastMark,
  readSnapshot,
  replaceSnapshot,
  type SnapshotContents,
  type SnapshotMark,
  type SnapshotRows,
  type SnapshotWriter,
} from './snapshot-file.ts';

interface Table {
  readonly name: string;
  readonly key: string;
  /** Which rows were written after event $1. */
  readonly changed: string;
}

const always = '$1::bigint IS NOT NULL';
const hosts: Table = { name: 'host', key: 'name', changed: always };
const allocations: Table = {
  name: 'port_allocation',
  key: 'id',
  // What a look finds without an event is left out until the next one; see `forgetLooks`.
  changed: 'id IN (SELECT allocation_id FROM wharfinger.allocation_event WHERE number > $1)',
};
/** Where the log ends, and up to where it was deleted as old history. */
const counter: Table = { name: 'event_counter', key: 'id', changed: always };
const events: Table = { name: 'allocation_event', key: 'number', changed: 'number > $1' };

/**
 * In the order in which their foreign keys let them be inserted. Hosts are few and are always written. Listeners
 * are left out: the next look at the host finds them again. The counter comes last, so that what is deleted while
 * the others are written is known to be.
 */
const tables: readonly Table[] = [
  hosts,
  { name: 'codebase', key: 'id', changed: 'revision > $1' },
  { name: 'worktree', key: 'id', changed: 'revision > $1' },
  allocations,
  { name: 'conflict', key: 'id', changed: 'revision > $1' },
  events,
  counter,
];

const pageRows = 2_000;

/** Keeps a snapshot file at most as far behind its database as its caller lets it be. */
export interface Snapshot {
  /** Appends what was committed since the last call, or writes the file anew where it has grown. */
  save(): Promise<void>;
}

export interface SnapshotOptions {
  /** The file's last mark; undefined begins it anew. */
  readonly found: LastMark | undefined;
  /** The file is not written anew before this much was appended. Default: 16 MiB. */
  readonly leastAppendedBytes?: number;
  /** How long a look at a host that changed nothing may be missing from the file. Default: an hour. */
  readonly looksEveryMs?: number;
}

/** Continues the snapshot in `path`, or begins one. */
export async function continueSnapshot(
  database: Database,
  path: string,
  { found, leastAppendedBytes = 16 << 20, looksEveryMs = 3_600_000 }: SnapshotOptions,
): Promise<Snapshot> {
  // Rows of an unfinished append must not count by the next mark: the database perhaps lost them.
  if (found) await truncate(path, found.end);
  let last: SnapshotMark = found ?? (await writeWhole(database, path));
  let appended = found ? found.end - found.base : 0;
  let savedAt = performance.now();
  return {
    async save() {
      // Rewriting costs as much as it saves once the appended part is as large as the rest.
      if (appended > Math.max(leastAppendedBytes, last.base)) {
        last = await writeWhole(database, path);
        appended = 0;
        return;
      }
      const { number, changes } = await database.transaction((sql) => readChanges(sql, last.number));
      if (number === last.number && performance.now() - savedAt < looksEveryMs) return;
      const next = { number, base: last.base };
      appended += await appendSnapshot(path, next, changes);
      savedAt = performance.now();
      last = next;
    },
  };
}

/** Everything written after an event, and the number of the newest one. */
async function readChanges(sql: Sql, since: number): Promise<{ number: number; changes: SnapshotRows[] }> {
  const number = await readLastNumber(sql);
  const changes: SnapshotRows[] = [];
  // One connection answers one query at a time. A look at a host has no number.
  for (const table of number === since ? [hosts] : tables) {
    changes.push({ table: table.name, rows: await readChanged(sql, table, since) });
  }
  return { number, changes };
}

async function readChanged(sql: Sql, { name, changed }: Table, since: number): Promise<Row[]> {
  const found = await sql.query<{ row: Row }>(`SELECT to_json(t) AS row FROM wharfinger.${name} t WHERE ${changed}`, [
    since,
  ]);
  return found.map(({ row }) => row);
}

/** Page by page, so that requests go on meanwhile; what they change is added at the end. */
async function writeWhole(database: Database, path: string): Promise<SnapshotMark> {
  const since = await readLastNumber(database);
  let number = since;
  const base = await replaceSnapshot(path, await latestMigration(), async (writer) => {
    for (const table of tables) await writeTable(database, table, writer);
    const rest = await database.transaction((sql) => readChanges(sql, since));
    for (const { table, rows } of rest.changes) await writer.rows(table, rows);
    number = rest.number;
    return number;
  });
  return { number, base };
}

async function writeTable(sql: Sql, { name, key }: Table, writer: SnapshotWriter): Promise<void> {
  let last: Row | undefined;
  do {
    const [condition, values] = last ? [`WHERE ${key} > $1`, [last[key]]] : ['', []];
    const page = await sql.query<{ row: Row }>(
      `SELECT to_json(t) AS row FROM wharfinger.${name} t ${condition} ORDER BY ${key} LIMIT ${pageRows}`,
      values,
    );
    await writer.rows(
      name,
      page.map(({ row }) => row),
    );
    last = page.length === pageRows ? page.at(-1)?.row : undefined;
  } while (last);
}

/**
 * Fills a database that has no registry yet from a snapshot: with the schema that the snapshot was
 * made under first, then brought up to date. `skip` event numbers are left out after it, since
 * subscribers may have seen them. Returns how many allocations it holds, released ones included:
 * those that were deleted as old history since the file was last written whole, are there again until
 * the next cleanup.
 */
export async function restoreSnapshot(database: Database, path: string, skip = 0): Promise<number> {
  const keys = new Map(tables.map(({ name, key }) => [name, key]));
  const contents = await readSnapshot(path, (table, row) => String(row[keys.get(table) ?? '']));
  const prunedThrough = readPrunedThrough(contents);
  await migrate(database, contents.migration);
  await database.transaction(async (sql) => {
    await sql.lock('everything');
    if ((await readLastNumber(sql)) > 0) {
      throw new Error('The database already has a registry: restore into an empty one.');
    }
    for (const table of tables) {
      if (table !== counter) await insertRows(sql, table, rowsToRestore(table, contents, prunedThrough));
    }
    await sql.query('UPDATE wharfinger.event_counter SET last_number = $1', [contents.number + skip]);
    // A schema without the column has pruned nothing.
    if (prunedThrough > 0) await sql.query('UPDATE wharfinger.event_counter SET pruned_through = $1', [prunedThrough]);
  });
  await migrate(database);
  return contents.tables.get(allocations.name)?.size ?? 0;
}

/** A snapshot of a version that deleted no history has no counter. */
function readPrunedThrough({ tables }: SnapshotContents): number {
  const [row] = tables.get(counter.name)?.values() ?? [];
  return Number(row?.pruned_through ?? 0);
}

function rowsToRestore(table: Table, contents: SnapshotContents, prunedThrough: number): Row[] {
  const rows = [...(contents.tables.get(table.name)?.values() ?? [])];
  if (table === allocations) return rows.map(forgetLooks);
  // An append cannot say that a row is gone: what is left of the deleted part has gaps.
  if (table === events) return rows.filter(({ number }) => Number(number) > prunedThrough);
  return rows;
}

/** What looks found since an allocation's last event is not in the file, and misses count only in a row: they begin anew. */
const forgetLooks = (row: Row): Row => (row.released_at === null ? { ...row, liveness: 'unknown', misses: 0 } : row);

async function insertRows(sql: Sql, { name, key }: Table, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += pageRows) {
    await sql.query(
      `INSERT INTO wharfinger.${name}
       SELECT * FROM jsonb_populate_recordset(NULL::wharfinger.${name}, $1::jsonb)
       ON CONFLICT (${key}) DO NOTHING`,
      [JSON.stringify(rows.slice(start, start + pageRows))],
    );
  }
}
