import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from '../../database.ts';
import { DatabaseUnavailable } from '../../database-error.ts';
import { explainLack, lackOf, tryToWrite } from '../lack.ts';
import { syncDirectory } from '../sync-files.ts';
import { type Durability, encodeLine, type JournalEntry } from './journal-file.ts';
import { NewJournal, rewriteJournal } from './new-journal.ts';

/** Where a journal's file ends, and how much of it was written at once. */
interface Extent {
  readonly end: number;
  readonly base: number;
}

export interface RewriteOptions {
  readonly durability: Durability;
  /** Appends what was committed and is not in the journal yet, where it is relaxed. */
  readonly flush?: () => Promise<void>;
}

/** More than nearly every append has. */
const healthProbeBytes = 1 << 20;
/** However many ask, the disk is written to once in so long. */
const probeLastsMs = 1_000;

/**
 * The open journal. Appends are made by one caller at a time: by the transaction that is under way. What could not
 * be appended is not in the file.
 */
export class Journal {
  readonly path: string;
  #file: FileHandle;
  #end: number;
  #base: number;
  /** Something that does not count may be behind the end. */
  #isTorn = false;
  /** Whether the file would be found under its path after a power cut. */
  #isNamed = true;
  /** Why the last append failed, and whether for want of room. */
  #failure: string | undefined;
  #isFull = false;
  #probe: { readonly at: number; readonly result: Promise<string | undefined> } | undefined;

  private constructor(path: string, file: FileHandle, { end, base }: Extent) {
    this.path = path;
    this.#file = file;
    this.#end = end;
    this.#base = base;
  }

  /** Continues the journal in a file that counts up to `end`: a torn append behind it is cut off first. */
  static async continue(path: string, extent: Extent): Promise<Journal> {
    const file = await open(path, 'r+');
    await file.truncate(extent.end);
    await file.sync();
    return new Journal(path, file, extent);
  }

  /** Begins a journal with what the database holds; the file that was there is replaced once the new one is complete. */
  static async begin(path: string, database: Database, durability: Durability): Promise<Journal> {
    let end = 0;
    await rewriteJournal({
      path,
      database,
      durability,
      replaced: (file, length) => {
        end = length;
        file.close().catch(() => {}); // it is on the disk
      },
    });
    await syncDirectory(dirname(path));
    return Journal.continue(path, { end, base: end });
  }

  /** Writes the journal of a registry that holds nothing. */
  static async create(path: string, durability: Durability): Promise<void> {
    const next = await NewJournal.create(path);
    await next.writeBase(0, 0, durability);
    await (await next.replace()).close();
    await syncDirectory(dirname(path));
  }

  /** When it returns, the entry survives a power cut. Throws DatabaseUnavailable where it cannot be written. */
  async append(entry: JournalEntry): Promise<void> {
    const line = encodeLine(entry);
    try {
      if (this.#isTorn) await this.#cut();
      if (!this.#isNamed) await this.#name();
      this.#isTorn = true;
      const [, isThere] = await Promise.all([this.#write(line), this.#isThere()]);
      if (!isThere) throw new Error('The file is gone.');
      this.#isTorn = false;
    } catch (error) {
      await this.#cut().catch(() => {}); // before the next append, then
      this.#failure = await this.#explain(error);
      this.#isFull = ['ENOSPC', 'EDQUOT'].includes(lackOf(error) ?? '');
      throw new DatabaseUnavailable(error, this.#failure);
    }
    this.#failure = undefined;
    this.#end += line.length;
  }

  /** Why the last append failed, or why the next one would: something is written and synced to find out. */
  async health(): Promise<string | undefined> {
    const now = performance.now();
    if (!this.#probe || now - this.#probe.at > probeLastsMs) this.#probe = { at: now, result: this.#tryToWrite() };
    return this.#probe.result;
  }

  async #tryToWrite(): Promise<string | undefined> {
    if (!(await this.#isThere())) return gone(this.path);
    const error = await tryToWrite(dirname(this.path), healthProbeBytes);
    if (error !== undefined) return explainLack(error, dirname(this.path));
    // Room was found since; other failures last until an append succeeds.
    if (this.#isFull) this.#failure = undefined;
    return this.#failure;
  }

  /** Whether so much was appended, `least` bytes or more, that writing the file anew costs no more than it saves. */
  isGrown(least: number): boolean {
    return this.#end - this.#base > Math.max(least, this.#base);
  }

  /**
   * Writes the file anew, from the database, while appends go on. The old file counts until the new one has everything
   * that was appended meanwhile, and is on the disk.
   */
  async rewrite(database: Database, { durability, flush }: RewriteOptions): Promise<void> {
    const from = this.#end;
    await rewriteJournal({
      path: this.path,
      database,
      durability,
      copyRest: async (next) => {
        await flush?.();
        await this.#copyFrom(from, next);
      },
      replaced: (file, end) => {
        const former = this.#file;
        this.#file = file;
        this.#end = end;
        this.#base = end;
        this.#isNamed = false;
        former.close().catch(() => {}); // nothing in it counts any more
      },
    });
    await this.#name();
  }

  /** How many bytes count. */
  get end(): number {
    return this.#end;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #write(line: Buffer): Promise<void> {
    for (let written = 0; written < line.length; ) {
      const { bytesWritten } = await this.#file.write(line, written, line.length - written, this.#end + written);
      written += bytesWritten;
    }
    await this.#file.datasync();
  }

  /** Deletes what is behind the end. */
  async #cut(): Promise<void> {
    await this.#file.truncate(this.#end);
    await this.#file.datasync();
    this.#isTorn = false;
  }

  /** Whether the path still leads to the file that is written. */
  async #isThere(): Promise<boolean> {
    const [open, named] = await Promise.all([
      this.#file.stat({ bigint: true }),
      stat(this.path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
        throw error;
      }),
    ]);
    return named !== undefined && named.ino === open.ino && named.dev === open.dev;
  }

  async #explain(error: unknown): Promise<string> {
    const isThere = await this.#isThere().catch(() => true);
    return isThere ? explainLack(error, dirname(this.path)) : gone(this.path);
  }

  async #name(): Promise<void> {
    await syncDirectory(dirname(this.path));
    this.#isNamed = true;
  }

  async #copyFrom(start: number, next: NewJournal): Promise<void> {
    const end = this.#end;
    if (end === start) return;
    const stream = this.#file.createReadStream({ start, end: end - 1, autoClose: false });
    for await (const chunk of stream) await next.write(chunk as Buffer); // no encoding was asked for
  }
}

const gone = (path: string) =>
  `The data directory ${dirname(path)} was deleted or moved while the server runs, so nothing new can be kept. Save what the server still knows (wharfinger export --format json), then restart it.`;
