import type { Row } from '../../rows.ts';
import { type Durability, type JournalEntry, type JournalSpan, readJournal } from './journal-file.ts';

interface Table {
  readonly name: string;
  readonly key: string;
}

const allocations = { name: 'port_allocation', key: 'id' } satisfies Table;
const conflicts = { name: 'conflict', key: 'id' } satisfies Table;
const events = { name: 'allocation_event', key: 'number' } satisfies Table;

/**
 * The tables that a journal keeps, in the order in which their foreign keys let them be filled. Listeners are not
 * among them: the next scan finds them again.
 */
export const journalTables: readonly Table[] = [
  { name: 'host', key: 'name' },
  { name: 'codebase', key: 'id' },
  { name: 'worktree', key: 'id' },
  allocations,
  conflicts,
  events,
];

/** What a journal says of the registry as a whole. */
interface Summary {
  /** The newest event number. */
  number: number;
  /** Every event up to this number is deleted. */
  prunedThrough: number;
  /** The bytes that were written at once; what follows was appended. */
  base: number;
  /** The newest event number when they were. */
  baseNumber: number;
  /** How the last appends were made. */
  durability: Durability;
}

const emptySummary: Summary = { number: 0, prunedThrough: 0, base: 0, baseNumber: 0, durability: 'full' };

function summarise(summary: Summary, { number, prunedThrough, base, durability, rows }: JournalEntry): void {
  // What was appended while the file was written anew is older than its base.
  summary.number = Math.max(summary.number, number ?? 0);
  // A snapshot has the counter as a row.
  const pruned = rows?.event_counter?.[0]?.pruned_through ?? prunedThrough ?? 0;
  summary.prunedThrough = Math.max(summary.prunedThrough, Number(pruned));
  if (base !== undefined) {
    summary.base = base;
    summary.baseNumber = number ?? 0;
  }
  summary.durability = durability ?? summary.durability;
}

export interface JournalContents extends JournalSpan, Summary {
  /** By table, then by key: each row as it was last written. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Row>>;
}

/** Reads a journal whole, as the rows with which a database is filled. */
export async function readContents(path: string): Promise<JournalContents> {
  const summary = { ...emptySummary };
  const tables = new Map(journalTables.map(({ name }) => [name, new Map<string, Row>()]));
  const span = await readJournal(path, (entry) => {
    summarise(summary, entry);
    for (const { name, key } of journalTables) {
      const known = tables.get(name);
      for (const row of entry.rows?.[name] ?? []) {
        const id = String(row[key]);
        known?.set(id, { ...known.get(id), ...row });
      }
      for (const id of entry.deleted?.[name] ?? []) known?.delete(id);
    }
  });
  forgetDeleted(tables, summary.prunedThrough);
  return { ...span, ...summary, tables };
}

/** Deletes what the database deletes along with it: events by their number, and references to deleted allocations. */
function forgetDeleted(tables: ReadonlyMap<string, Map<string, Row>>, prunedThrough: number): void {
  const kept = tables.get(allocations.name);
  const logged = tables.get(events.name);
  for (const number of logged?.keys() ?? []) if (Number(number) <= prunedThrough) logged?.delete(number);
  const known = tables.get(conflicts.name);
  for (const [id, row] of known ?? []) {
    if (row.allocation_id && !kept?.has(String(row.allocation_id))) known?.set(id, { ...row, allocation_id: null });
  }
}

/** What a database must agree with its journal in. */
export interface Holdings extends JournalSpan, Summary {
  /** The live allocations, by id: each as `holdingOf` says. */
  readonly live: ReadonlyMap<string, string>;
  /** The number of the newest event that is kept; 0 where there is none. */
  readonly newestEvent: number;
}

/** Who holds what, from a row of `port_allocation`. */
export const holdingOf = ({ host_name, port, environment, owner, service_name }: Row): string =>
  JSON.stringify([host_name, port, environment, owner, service_name]);

/** Reads a journal for who holds what; it keeps no other rows in memory. */
export async function readHoldings(path: string): Promise<Holdings> {
  const summary = { ...emptySummary };
  const live = new Map<string, string>();
  let newest = 0;
  const span = await readJournal(path, (entry) => {
    summarise(summary, entry);
    for (const row of entry.rows?.[allocations.name] ?? []) {
      if (row.released_at === null) live.set(String(row.id), holdingOf(row));
      else live.delete(String(row.id));
    }
    for (const id of entry.deleted?.[allocations.name] ?? []) live.delete(id);
    for (const { number } of entry.rows?.[events.name] ?? []) newest = Math.max(newest, Number(number));
  });
  return { ...span, ...summary, live, newestEvent: newest > summary.prunedThrough ? newest : 0 };
}
