import type { Row } from '../../rows.ts';
import type { JournalEntry, JournalSpan } from './journal-file.ts';
import { readLines } from './read-lines.ts';

type SnapshotLine =
  | { readonly migration: string }
  | { readonly table: string; readonly rows: readonly Row[] }
  | { readonly number: number };

/**
 * Reads what versions before the journal kept beside the database, at most a second behind it: a header, rows by
 * table, and marks, in JSON lines without checksums. What follows the last mark did not finish, and a line that
 * does not parse is an append that did not: the next one began in a line of its own.
 */
export async function readSnapshotEntries(path: string, visit: (entry: JournalEntry) => void): Promise<JournalSpan> {
  let migration: string | undefined;
  let unmarked: JournalEntry[] = [];
  let end = 0;
  let read = 0;
  for await (const { bytes } of readLines(path)) {
    read += bytes.length + 1;
    const line = parseLine(bytes.toString());
    if (!line) continue;
    if ('migration' in line) migration = line.migration;
    if ('table' in line) unmarked.push({ rows: { [line.table]: line.rows } });
    if ('number' in line) {
      for (const entry of unmarked) visit(entry);
      visit({ number: line.number, durability: 'relaxed' });
      unmarked = [];
      end = read;
    }
  }
  if (migration === undefined || end === 0) throw new Error(`${path} is not a complete snapshot of a registry.`);
  return { migration, end };
}

function parseLine(text: string): SnapshotLine | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
