import type { Logger } from 'pino';
import { UnknownCursor } from '../storage/event-log.ts';

/** Something in a log, whose numbers ascend. */
export interface Entry {
  readonly number: number;
}

export interface TailOptions<Each extends Entry> {
  /** Which log it is, for people. */
  readonly name: string;
  /** The entries after a number, oldest first, at most `limit`; rejects with UnknownCursor where some are gone. */
  readonly read: (after: number, limit: number) => Promise<Each[]>;
  readonly log: Logger;
}

/** How many of the newest entries are kept in memory, some 1 kB each. Whoever is further behind reads the log. */
const keptEntries = 4_096;
const pageSize = 1_000;

/**
 * The end of a log: read once by an instance, however many subscribers it has, and only while it
 * has any.
 */
export class Tail<Each extends Entry> {
  readonly #options: TailOptions<Each>;
  #recent: Each[] = [];
  /** Every entry after it, up to `#last`, is in `#recent`. */
  #floor = 0;
  #last = 0;
  #reading: Promise<void> | undefined;
  #wokenMeanwhile = false;
  #waiting = new Set<() => void>();
  #reads = 0;
  #running = false;

  constructor(options: TailOptions<Each>) {
    this.#options = options;
  }

  get last(): number {
    return this.#last;
  }

  /** How often something was read, or tried in vain: whoever remembers it knows whether it missed one. */
  get reads(): number {
    return this.#reads;
  }

  /** Begins after the log's end as somebody just read it; goes on where it is where it has begun. */
  start(last: number): void {
    if (this.#running) return;
    this.#running = true;
    this.#beginAfter(last);
  }

  stop(): void {
    this.#running = false;
    this.#recent = [];
  }

  /** Reads what is new. Called after commits, now and then, and after a lost connection. */
  wake(): void {
    if (!this.#running) return;
    if (this.#reading) {
      this.#wokenMeanwhile = true;
      return;
    }
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
      if (!this.#wokenMeanwhile) return;
      this.#wokenMeanwhile = false;
      this.wake();
    });
  }

  /** The entries after a number, oldest first, at most `limit`; undefined where they are no longer all in memory. */
  after(number: number, limit: number): Each[] | undefined {
    if (!this.#running || number < this.#floor) return undefined;
    const start = firstAfter(this.#recent, number);
    return this.#recent.slice(start, start + limit);
  }

  /** Resolves when `reads` is beyond what it was, or when `signal` aborts. */
  changed(reads: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      if (signal.aborted || reads !== this.#reads) return done();
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #beginAfter(number: number): void {
    this.#recent = [];
    this.#floor = number;
    this.#last = number;
  }

  async #read(): Promise<void> {
    const { name, log, read } = this.#options;
    try {
      let page: Each[];
      do {
        page = await read(this.#last, pageSize); // each page follows the one before
        if (page.length > 0) this.#append(page);
      } while (page.length === pageSize && this.#running);
    } catch (error) {
      log.warn({ err: error }, `the log of ${name} could not be read; trying again`);
      if (error instanceof UnknownCursor) this.#skipTo(error.wholeAfter);
    } finally {
      // Also where there was nothing new: a subscriber that reads the log itself may have failed before.
      this.#wakeWaiting();
    }
  }

  /** Leaves out what is gone. Whoever has not read it finds itself before the floor, and is told by the log. */
  #skipTo(number: number): void {
    if (!this.#running) return;
    this.#beginAfter(number);
    this.#wokenMeanwhile = true;
  }

  #append(page: readonly Each[]): void {
    if (!this.#running) return;
    // A page that was asked for before a stop and a start may reach back.
    this.#recent.push(...page.filter(({ number }) => number > this.#last));
    this.#last = Math.max(this.#last, page.at(-1)?.number ?? 0);
    const excess = this.#recent.length - keptEntries;
    if (excess > 0) {
      const dropped = this.#recent.splice(0, excess);
      this.#floor = dropped.at(-1)?.number ?? this.#floor;
    }
  }

  #wakeWaiting(): void {
    this.#reads += 1;
    for (const wake of [...this.#waiting]) wake();
  }
}

/** The index of the first entry after a number; entries ascend. */
function firstAfter(entries: readonly Entry[], number: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.number ?? 0) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
