import type { Logger } from 'pino';
import type { Database } from '../storage/database.ts';
import { type LoggedEvent, readEvents } from '../storage/event-log.ts';

/** How many of the newest events are kept in memory, some 1 kB each. Whoever is further behind reads the log. */
const keptEvents = 4_096;
const pageSize = 1_000;

/**
 * The end of the event log: read once by an instance, however many subscribers it has, and only
 * while it has any.
 */
export class Tail {
  readonly #database: Database;
  readonly #log: Logger;
  #recent: LoggedEvent[] = [];
  /** Every event after it, up to `#last`, is in `#recent`. */
  #floor = 0;
  #last = 0;
  #reading: Promise<void> | undefined;
  #wokenMeanwhile = false;
  #waiting = new Set<() => void>();
  #reads = 0;
  #running = false;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
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
    this.#recent = [];
    this.#floor = last;
    this.#last = last;
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

  /** The events after a number, oldest first; undefined where they are no longer all in memory. */
  after(number: number): LoggedEvent[] | undefined {
    if (!this.#running || number < this.#floor) return undefined;
    const start = firstAfter(this.#recent, number);
    return this.#recent.slice(start, start + pageSize);
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

  async #read(): Promise<void> {
    try {
      let page: LoggedEvent[];
      do {
        page = await readEvents(this.#database, this.#last, pageSize); // each page follows the one before
        if (page.length > 0) this.#append(page);
      } while (page.length === pageSize && this.#running);
    } catch (error) {
      this.#log.warn({ err: error }, 'the event log could not be read; trying again');
    } finally {
      // Also where there was nothing new: a subscriber that reads the log itself may have failed before.
      this.#wakeWaiting();
    }
  }

  #append(page: readonly LoggedEvent[]): void {
    if (!this.#running) return;
    // A page that was asked for before a stop and a start may reach back.
    this.#recent.push(...page.filter(({ number }) => number > this.#last));
    this.#last = page.at(-1)?.number ?? this.#last;
    const excess = this.#recent.length - keptEvents;
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

/** The index of the first event after a number; events ascend. */
function firstAfter(events: readonly LoggedEvent[], number: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.number ?? 0) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
