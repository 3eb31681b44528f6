import { truncate } from 'node:fs/promises';
import type { Database, Sql } from './database.ts';
import { readLastNumber } from './event-log.ts';
import { latestMigration, migrate } from './migrations.ts';
import {
  appendSnapshot,
  type LastMark,
  readSnapshot,
  replaceSnapshot,
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

/** In the order in which their foreign keys let them be inserted. Hosts are few and are always written. */
const tables: readonly Table[] = [
  { name: 'host', key: 'name', changed: '$1::bigint IS NOT NULL' },
  { name: 'codebase', key: 'id', changed: 'revision > $1' },
  { name: 'worktree', key: 'id', changed: 'revision > $1' },
  {
    name: 'port_allocation',
    key: 'id',
    changed: 'id IN (SELECT allocation_id FROM wharfinger.allocation_event WHERE number > $1)',
  },
  { name: 'allocation_event', key: 'number', changed: 'number > $1' },
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
}

/** Continues the snapshot in `path`, or begins one. */
export async function continueSnapshot(
  database: Database,
  path: string,
  { found, leastAppendedBytes = 16 << 20 }: SnapshotOptions,
): Promise<Snapshot> {
  // Rows of an unfinished append must not count by the next mark: the database perhaps lost them.
  if (found) await truncate(path, found.end);
  let last: SnapshotMark = found ?? (await writeWhole(database, path));
  let appended = found ? found.end - found.base : 0;
  return {
    async save() {
      // Rewriting costs as much as it saves once the appended part is as large as the rest.
      if (appended > Math.max(leastAppendedBytes, last.base)) {
        last = await writeWhole(database, path);
        appended = 0;
        return;
      }
      const { number, changes } = await database.transaction((sql) => readChanges(sql, last.number));
      if (number === last.number) return;
      const next = { number, base: last.base };
      appended += await appendSnapshot(path, next, changes);
      last = next;
    },
  };
}

/** Everything written after an event, and the number of the newest one. */
async function readChanges(sql: Sql, since: number): Promise<{ number: number; changes: SnapshotRows[] }> {
  const number = await readLastNumber(sql);
  const changes: SnapshotRows[] = [];
  // One connection answers one query at a time.
  for (const { name, changed } of number === since ? [] : tables) {
    const found = await sql.query<{ row: Record<string, unknown> }>(
      `SELECT to_json(t) AS row FROM wharfinger.${name} t WHERE ${changed}`,
      [since],
    );
    changes.push({ table: name, rows: found.map(({ row }) => row) });
  }
  return { number, changes };
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
  let last: Record<string, unknown> | undefined;
  do {
    const [condition, values] = last ? [`WHERE ${key} > $1`, [last[key]]] : ['', []];
    const page = await sql.query<{ row: Record<string, unknown> }>(
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
 * subscribers may have seen them. Returns how many allocations it holds, released ones included.
 */
export async function restoreSnapshot(database: Database, path: string, skip = 0): Promise<number> {
  const keys = new Map(tables.map(({ name, key }) => [name, key]));
  const contents = await readSnapshot(path, (table, row) => String(row[keys.get(table) ?? '']));
  await migrate(database, contents.migration);
  await database.transaction(async (sql) => {
    await sql.lock('everything');
    if ((await readLastNumber(sql)) > 0) {
      throw new Error('The database already has a registry: restore into an empty one.');
    }
    for (const { name, key } of tables) {
      const rows = [...(contents.tables.get(name)?.values() ?? [])];
      for (let start = 0; start < rows.length; start += pageRows) {
        await sql.query(
          `INSERT INTO wharfinger.${name}
           SELECT * FROM jsonb_populate_recordset(NULL::wharfinger.${name}, $1::jsonb)
           ON CONFLICT (${key}) DO NOTHING`,
          [JSON.stringify(rows.slice(start, start + pageRows))],
        );
      }
    }
    await sql.query('UPDATE wharfinger.event_counter SET last_number = $1', [contents.number + skip]);
  });
  await migrate(database);
  return contents.tables.get('port_allocation')?.size ?? 0;
}
