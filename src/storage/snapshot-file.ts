import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * A registry's rows outside the database, one JSON object a line:
 *
 *     {"migration":"20261122000000_registry"}         the header: the schema that the rows have
 *     {"table":"worktree","rows":[{…},{…}]}           rows; a later one replaces an earlier one
 *     {"number":17,"base":5231}                       a mark: all changes up to event 17 are above
 *
 * Lines after the last mark are an append that did not finish, and are passed over. `base` is how
 * many bytes the file had when it was last written whole.
 */
export interface SnapshotMark {
  readonly number: number;
  readonly base: number;
}

/** The newest mark of a file, and where it ends: what counts of the file. */
export interface LastMark extends SnapshotMark {
  readonly end: number;
}

export interface SnapshotRows {
  readonly table: string;
  readonly rows: readonly Record<string, unknown>[];
}

const markStart = '\n{"number":';
const chunkBytes = 1 << 20;

/** The newest mark of a snapshot, read from its end; undefined where there is no usable snapshot. */
export async function readLastMark(path: string): Promise<LastMark | undefined> {
  const file = await openIfThere(path);
  if (!file) return undefined;
  try {
    let tail = Buffer.alloc(0);
    let start = (await file.stat()).size;
    // From the end backwards, until a complete mark is in view.
    while (start > 0) {
      const length = Math.min(chunkBytes, start);
      start -= length;
      const chunk = Buffer.alloc(length);
      await file.read(chunk, 0, length, start);
      tail = Buffer.concat([chunk, tail]);
      const mark = lastMarkIn(tail);
      if (mark) return { ...mark, end: start + mark.end };
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function lastMarkIn(text: Buffer): LastMark | undefined {
  let at = text.lastIndexOf(markStart);
  while (at >= 0) {
    const end = text.indexOf('\n', at + 1);
    const mark = end > 0 ? parseLine(text.toString('utf8', at + 1, end)) : undefined;
    if (mark && 'number' in mark) return { ...mark, end: end + 1 };
    if (at === 0) return undefined;
    at = text.lastIndexOf(markStart, at - 1);
  }
  return undefined;
}

/** The migration in a snapshot's header; undefined where there is none. */
export async function readMigration(path: string): Promise<string | undefined> {
  const file = await openIfThere(path);
  if (!file) return undefined;
  for await (const line of createInterface({ input: file.createReadStream() })) {
    const header = parseLine(line);
    return header && 'migration' in header ? header.migration : undefined;
  }
  return undefined;
}

export interface SnapshotContents {
  readonly migration: string;
  readonly number: number;
  /** By table, then by primary key: each row as it was last written. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown>>>;
}

/** Reads a snapshot whole, up to its last mark; `keyOf` gives a row's primary key. Throws where it has no mark. */
export async function readSnapshot(
  path: string,
  keyOf: (table: string, row: Record<string, unknown>) => string,
): Promise<SnapshotContents> {
  const file = await open(path, 'r');
  const tables = new Map<string, Map<string, Record<string, unknown>>>();
  let migration = '';
  let number: number | undefined;
  let unmarked: SnapshotRows[] = [];
  for await (const line of createInterface({ input: file.createReadStream() })) {
    const entry = parseLine(line);
    if (!entry) continue; // an empty line, or one torn by the end of the process that wrote it
    if ('migration' in entry) migration = entry.migration;
    if ('table' in entry) unmarked.push(entry);
    if ('number' in entry) {
      for (const { table, rows } of unmarked) {
        const known = tables.get(table) ?? new Map();
        for (const row of rows) known.set(keyOf(table, row), row);
        tables.set(table, known);
      }
      unmarked = [];
      number = entry.number;
    }
  }
  if (number === undefined) throw new Error(`${path} is not a complete snapshot of a registry.`);
  return { migration, number, tables };
}

function parseLine(line: string): SnapshotMark | SnapshotRows | { migration: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Where a snapshot is written: rows, then the mark that makes them count. */
export interface SnapshotWriter {
  rows(table: string, rows: readonly Record<string, unknown>[]): Promise<void>;
}

/** Adds changes to a snapshot. When it returns, they survive a power cut. Returns the bytes added. */
export async function appendSnapshot(
  path: string,
  mark: SnapshotMark,
  changes: readonly SnapshotRows[],
): Promise<number> {
  const lines = [...changes.filter(({ rows }) => rows.length > 0), mark];
  // An unfinished line of an append that failed is ended first.
  const text = `\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  const file = await open(path, 'a');
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  return Buffer.byteLength(text);
}

/** Writes a snapshot anew beside the old one, which it replaces only once it is complete and on disk. */
export async function replaceSnapshot(
  path: string,
  migration: string,
  write: (writer: SnapshotWriter) => Promise<number>,
): Promise<number> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  let bytes = 0;
  const line = async (value: object) => {
    const text = `${JSON.stringify(value)}\n`;
    await file.write(text);
    bytes += Buffer.byteLength(text);
  };
  try {
    await line({ migration });
    const number = await write({
      rows: async (table, rows) => {
        if (rows.length > 0) await line({ table, rows });
      },
    });
    await line({ number, base: bytes } satisfies SnapshotMark);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
  return bytes;
}

/** So that the rename itself survives a power cut; Windows cannot, and does not need to. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
