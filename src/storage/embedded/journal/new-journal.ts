import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { Database, Sql } from '../../database.ts';
import { readLogSpan } from '../../event-log.ts';
import { latestMigration } from '../../migrations.ts';
import type { Row } from '../../rows.ts';
import { journalTables } from './journal-contents.ts';
import { type Durability, encodeHeader, encodeLine } from './journal-file.ts';

/** So many rows are read from the database at a time. */
const pageRows = 2_000;

/** A journal that is written beside the one that counts, which it replaces once it is complete and on the disk. */
export class NewJournal {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;
  #end = 0;

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#file = file;
  }

  /** Begins with a header: rows have the schema of this version. */
  static async create(path: string): Promise<NewJournal> {
    const temporary = `${path}.new`;
    const created = new NewJournal(path, temporary, await open(temporary, 'w+', 0o600));
    await created.write(encodeHeader(await latestMigration()));
    return created;
  }

  /** How many bytes it has. */
  get end(): number {
    return this.#end;
  }

  async write(bytes: Buffer): Promise<void> {
    await this.#file.appendFile(bytes);
    this.#end += bytes.length;
  }

  /** Writes the rows of every table, page by page, so that requests go on meanwhile. */
  async writeTables(sql: Sql): Promise<void> {
    for (const table of journalTables) {
      for await (const rows of readPages(sql, table)) await this.write(encodeLine({ rows: { [table.name]: rows } }));
    }
    await this.#file.sync();
  }

  /** Ends what is written at once. */
  async writeBase(number: number, prunedThrough: number, durability: Durability): Promise<void> {
    await this.write(encodeLine({ number, prunedThrough, base: this.#end, durability }));
  }

  /** Takes the place of the journal that counts, and returns its open file. The directory is not synced yet. */
  async replace(): Promise<FileHandle> {
    await this.#file.sync();
    await rename(this.#temporary, this.#path);
    return this.#file;
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await rm(this.#temporary, { force: true });
  }
}

async function* readPages(
  sql: Sql,
  { name, key }: { readonly name: string; readonly key: string },
): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  do {
    const [condition, values] = last ? [`WHERE ${key} > $1`, [last[key]]] : ['', []];
    const page = await sql.query<{ row: Row }>(
      `SELECT to_json(t) AS row FROM wharfinger.${name} t ${condition} ORDER BY ${key} LIMIT ${pageRows}`,
      values,
    );
    if (page.length > 0) yield page.map(({ row }) => row);
    last = page.length === pageRows ? page.at(-1)?.row : undefined;
  } while (last);
}

export interface Rewriting {
  readonly path: string;
  readonly database: Database;
  readonly durability: Durability;
  /** Copies what was appended to the journal that counts since the new one was begun. Default: nothing was. */
  readonly copyRest?: (next: NewJournal) => Promise<void>;
  /** Takes over the new file, which has replaced the other one. Nobody can append until it returns. */
  readonly replaced: (file: FileHandle, end: number) => void;
}

/**
 * Writes a journal anew from its database. The last part is done inside a transaction of the database, so that
 * nothing is appended in the meantime. Where it fails before the file is replaced, the journal that counts stays.
 */
export async function rewriteJournal({ path, database, durability, copyRest, replaced }: Rewriting): Promise<void> {
  const next = await NewJournal.create(path);
  let isReplaced = false;
  try {
    await next.writeTables(database);
    await database.transaction(async (sql) => {
      await copyRest?.(next);
      const { last, prunedThrough } = await readLogSpan(sql);
      await next.writeBase(last, prunedThrough, durability);
      replaced(await next.replace(), next.end);
      isReplaced = true;
    });
  } catch (error) {
    if (!isReplaced) await next.discard();
    throw error;
  }
}
