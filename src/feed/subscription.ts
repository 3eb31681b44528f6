import type { Entry, Tail } from './tail.ts';

export interface SubscriptionOptions<Each extends Entry> {
  /** The number after which to begin. */
  readonly after: number;
  /** The entries after a number, oldest first; empty where there are none yet. */
  readonly read: (after: number) => Promise<Each[]>;
  readonly tail: Pick<Tail<Each>, 'reads' | 'changed'>;
  readonly matches: (entry: Each) => boolean;
  /** Called once, when the subscriber has gone. */
  readonly closed: () => void;
}

/**
 * One subscriber's way along a log. It holds a cursor and at most the page that it is at, and
 * reads on only when it is asked to, so that a slow subscriber costs no memory.
 */
export class Subscription<Each extends Entry> implements AsyncIterableIterator<Each, undefined> {
  readonly #options: SubscriptionOptions<Each>;
  readonly #abort = new AbortController();
  #cursor: number;
  #page: Each[] = [];
  #at = 0;

  constructor(options: SubscriptionOptions<Each>) {
    this.#options = options;
    this.#cursor = options.after;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Each, undefined>> {
    try {
      return await this.#next();
    } catch (error) {
      // Nobody calls `return` on an iterator that threw.
      await this.return();
      throw error;
    }
  }

  async #next(): Promise<IteratorResult<Each, undefined>> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const entry = this.#nextOfPage();
      if (entry) return { done: false, value: entry };
      const { tail } = this.#options;
      const { reads } = tail;
      this.#page = await this.#options.read(this.#cursor);
      this.#at = 0;
      if (this.#page.length === 0) await tail.changed(reads, signal);
    }
    return { done: true, value: undefined };
  }

  /** Ends it at once, also while `next` waits. */
  async return(): Promise<IteratorResult<Each, undefined>> {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort();
      this.#page = [];
      this.#options.closed();
    }
    return { done: true, value: undefined };
  }

  #nextOfPage(): Each | undefined {
    while (this.#at < this.#page.length) {
      const entry = this.#page[this.#at++];
      if (!entry) continue;
      this.#cursor = entry.number;
      if (this.#options.matches(entry)) return entry;
    }
    return undefined;
  }
}
