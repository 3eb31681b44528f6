import { crc32 } from 'node:zlib';
import type { Changed } from '../../database.ts';
import { readLines } from './read-lines.ts';
import { readSnapshotEntries } from './snapshot-file.ts';

/**
 * The journal: everything that the registry knows, in one file. Each line is the CRC-32 of its JSON in eight
 * hexadecimal digits, a space, and the JSON:
 *
 *     1c291ca3 {"journal":1,"migration":"20261122000000_registry"}      the header: the schema that the rows have
 *     9be3e0a3 {"rows":{"worktree":[{…},{…}]}}                         rows; a later one replaces an earlier one
 *     5b1f8e02 {"number":17,"base":5231}                               the file was written whole up to here
 *     f0c2a6d4 {"number":18,"rows":{"port_allocation":[{…}]}}          one transaction, one append
 *
 * An append that a power cut tore is the last line, and does not count. Any other line that is not whole is damage.
 */
export interface JournalEntry extends Changed {
  /** How many bytes of the file are in front of this entry, which ends the part that was written at once. */
  readonly base?: number;
  /** How appends are made from here on. Absent: as before; `full` at the beginning. */
  readonly durability?: Durability;
}

/** `full`: an append is synced before its transaction commits. `relaxed`: a moment after. */
export type Durability = 'full' | 'relaxed';

/** A file's header, and the length of what counts of it. */
export interface JournalSpan {
  /** The migration whose schema the rows have. */
  readonly migration: string;
  /** The bytes up to the end of the last whole line; a torn append comes after them. */
  readonly end: number;
}

interface Header {
  readonly journal: number;
  readonly migration: string;
}

const version = 1;

/** The journal has a line that was once whole and is no longer. */
export class JournalDamaged extends Error {
  override readonly name = 'JournalDamaged';

  constructor(path: string, fact: string) {
    super(
      `The journal ${path} ${fact}, so its contents are unknown. Restore it from a backup. If you have none and the database beside it is intact, move the journal away: it is then written anew from the database.`,
    );
  }
}

/** The JSON of Unicode's line separators is written as escapes, since some readers of lines split at them. */
const lineSeparators = /[\u2028\u2029]/g;
const escapeSeparator = (separator: string) => (separator === '\u2028' ? '\\u2028' : '\\u2029');

export function encodeHeader(migration: string): Buffer {
  return encodeLine({ journal: version, migration } satisfies Header);
}

export function encodeLine(value: Header | JournalEntry): Buffer {
  const json = Buffer.from(JSON.stringify(value).replace(lineSeparators, escapeSeparator));
  return Buffer.concat([Buffer.from(`${checksum(json)} `), json, Buffer.from('\n')]);
}

const checksum = (json: Uint8Array) => crc32(json).toString(16).padStart(8, '0');
const checksumBytes = 9;

/** The value of a line without its line feed; undefined where the line is not whole. */
function decodeLine(line: Buffer): Header | JournalEntry | undefined {
  const json = line.subarray(checksumBytes);
  if (line.toString('latin1', 0, checksumBytes) !== `${checksum(json)} `) return undefined;
  return JSON.parse(json.toString()); // as it was encoded, by its checksum
}

/**
 * Reads a journal, or the snapshot of a version that had none, and calls `visit` for each entry in order. Throws
 * JournalDamaged for any line that is not whole, but for a torn append at the end.
 */
export async function readJournal(path: string, visit: (entry: JournalEntry) => void): Promise<JournalSpan> {
  let migration: string | undefined;
  let end = 0;
  let torn: number | undefined;
  let count = 0;
  for await (const { bytes, isEnded } of readLines(path)) {
    if (count === 0 && bytes[0] === 0x7b) return readSnapshotEntries(path, visit); // an opening brace
    count += 1;
    if (torn !== undefined) throw new JournalDamaged(path, `is damaged in line ${torn}`);
    const value = isEnded ? decodeLine(bytes) : undefined;
    if (value === undefined) torn = count;
    else if ('journal' in value) migration = readMigration(path, value);
    else visit(value);
    if (value !== undefined) end += bytes.length + 1;
    if (migration === undefined) throw new JournalDamaged(path, 'has no header');
  }
  if (migration === undefined) throw new JournalDamaged(path, 'is empty');
  return { migration, end };
}

function readMigration(path: string, { journal, migration }: Header): string {
  if (journal === version) return migration;
  throw new Error(`The journal ${path} is of format ${journal}, which this version does not know: run a newer one.`);
}
