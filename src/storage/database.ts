import type { Prisma } from './prisma-client.ts';
import type { Row } from './rows.ts';

export interface QueryOptions {
  /**
   * Whether a connection keeps the statement parsed and planned, which is half of its work. For one that is run over
   * and over in a few texts, and whose plan is the same however large its tables grow: it may never be planned anew.
   * Outside a transaction, the embedded database keeps none. Default: false.
   */
  readonly prepare?: boolean;
}

interface ScriptOptions {
  /** Whether it, and what follows in its transaction, may take longer than a request's statement. Default: false. */
  readonly unlimited?: boolean;
}

/** Something that answers SQL: a database outside a transaction, or one transaction of it. */
export interface Sql {
  /** Runs one statement with `$1`-style values and returns its rows. */
  query<Row>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
  /** Runs a script of several statements, without values. */
  script(text: string, options?: ScriptOptions): Promise<void>;
}

/** What a transaction changed: rows as they are from then on, and the keys of those that are gone, by table. */
export interface Changed {
  /** The newest event number; absent where none was drawn. */
  readonly number?: number;
  /** Every event up to this number is deleted; absent where none was. */
  readonly prunedThrough?: number;
  readonly rows?: Readonly<Record<string, readonly Row[]>>;
  readonly deleted?: Readonly<Record<string, readonly string[]>>;
}

/** One transaction. */
export interface Transaction extends Sql {
  /**
   * Keeps every other instance from writing to these hosts until the transaction ends, or from
   * writing at all. A host need not exist yet.
   */
  lock(hosts: readonly string[] | 'everything'): Promise<void>;
  /**
   * Notes what was written, for the journal of a database that has one. Whatever is not noted is lost where the
   * database is rebuilt: what scans see is, and is found again.
   */
  readonly record?: (changed: Changed) => void;
}

/** The registry's database, embedded or PostgreSQL. Whoever opened it closes it. */
export interface Database extends Sql {
  readonly engine: 'embedded' | 'postgresql';
  /** Where it is, for people: a directory, or a URL without its password. */
  readonly location: string;
  /** For reads only: whatever is written through it would have no event. */
  readonly prisma: Prisma;
  /** Commits what `work` did, or nothing of it if it throws. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Calls `wake` after commits of any instance, and where these may have been missed. Returns how to stop. */
  listen(wake: () => void): Promise<() => Promise<void>>;
  /** Why what is written now is perhaps not kept, for people; undefined where all is well. */
  health(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The channel on which committed event numbers are announced. */
export const notifyChannel = 'wharfinger';
