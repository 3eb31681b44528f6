import type { InvalidInput } from '../domain/refusals.ts';
import { type RowTexts, writeRowTexts } from './json.ts';
import { type LinkedRow, linkRows } from './linked-rows.ts';
import { malformed, type RegistryFile } from './registry-file.ts';

/** What an import takes at most. */
export interface PartLimits {
  /** Of its text, written as JSON once more, as a request has it. */
  readonly bytes: number;
  readonly rows: number;
  readonly hosts: number;
}

/** An import that stands alone. */
export interface ImportPart {
  /** In the own format. */
  readonly content: string;
  /** Its rows as they are answered. Those that other parts answer for are there for the sake of the rest. */
  readonly rows: readonly { readonly line: number; readonly isCarried: boolean }[];
}

interface Splitting {
  readonly limits: PartLimits;
  /** The host that all rows are about, if any. */
  readonly host: string | null;
  readonly dryRun: boolean;
}

/**
 * A file as imports that fit, to be carried out one after the other; each row belongs to one of them. A part carries
 * the codebases of earlier parts that its rows name, since the registry may know them by other ids; for a dry run, after
 * which nothing of the earlier parts is there, whatever else of them bears on its rows. So the rows of all parts
 * are decided as those of the whole file would be.
 */
export function splitFile(file: RegistryFile, { limits, host, dryRun }: Splitting): ImportPart[] | InvalidInput {
  const linked = linkRows(file, host);
  const isCarried = (place: number) => dryRun || linked[place]?.list === 'codebases';
  const rows = linked.map((row): LinkedRow => ({ ...row, needs: row.needs.filter(isCarried) }));
  const parts: ImportPart[] = [];
  let draft = createDraft(rows, limits);
  for (const [place, { line }] of rows.entries()) {
    if (draft.take(place)) continue;
    parts.push(draft.finish());
    draft = createDraft(rows, limits);
    if (!draft.take(place)) return tooLong(line);
  }
  return draft.isEmpty() ? parts : [...parts, draft.finish()];
}

const tooLong = (line: number) =>
  malformed(
    `The row in line ${line} does not fit into a request, with those before it that bear on it: shorten it, or import these rows by themselves.`,
  );

interface Draft {
  /** Adds a row, with all that bear on it; does nothing and answers false where that is too much. */
  take(place: number): boolean;
  isEmpty(): boolean;
  finish(): ImportPart;
}

/** What the file says around its rows, generously. */
const bytesAround = 200;

/** A row's bytes in a JSON text that is inside of another, with what parts it from the next one. */
const bytesOf = (text: string) => Buffer.byteLength(JSON.stringify(text)) + 1;

interface Taken {
  readonly row: LinkedRow;
  readonly text: string;
}

function createDraft(rows: readonly LinkedRow[], limits: PartLimits): Draft {
  const taken = new Map<number, Taken>();
  const own = new Set<number>();
  const hosts = new Set<string | null>();
  let bytes = bytesAround;

  /** The rows that are to come with one; undefined where they are too many. */
  const companyOf = (first: number): Map<number, Taken> | undefined => {
    const added = new Map<number, Taken>();
    const open = [first];
    let room = limits.bytes - bytes;
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const row = rows[place];
      if (!row || taken.has(place) || added.has(place)) continue;
      const text = JSON.stringify(row.fields);
      added.set(place, { row, text });
      open.push(...row.needs);
      room -= bytesOf(text);
      if (room < 0 || taken.size + added.size > limits.rows) return undefined;
    }
    return added;
  };

  return {
    take(place) {
      const added = companyOf(place);
      if (!added) return false;
      const named = new Set([...hosts, ...[...added.values()].map(({ row }) => row.host)]);
      named.delete(null);
      if (named.size > limits.hosts) return false;
      for (const [each, { row, text }] of added) {
        taken.set(each, { row, text });
        hosts.add(row.host);
        bytes += bytesOf(text);
      }
      own.add(place);
      return true;
    },
    isEmpty: () => own.size === 0,
    finish() {
      const lists: Record<keyof RowTexts, string[]> = { codebases: [], worktrees: [], allocations: [] };
      const inOrder = [...taken].sort(([one], [other]) => one - other);
      for (const [, { row, text }] of inOrder) lists[row.list].push(text);
      const answered = inOrder.map(([place, { row }]) => ({ line: row.line, isCarried: !own.has(place) }));
      return { content: writeRowTexts(lists), rows: answered };
    },
  };
}
