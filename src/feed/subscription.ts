import type { AllocationEvent } from '../domain/registry-model.ts';
import type { Tail } from './tail.ts';

interface SubscriptionOptions<Event extends AllocationEvent> {
  /** The number after which to begin. */
  readonly after: number;
  /** The events after a number, oldest first; empty where there are none yet. */
  readonly read: (after: number) => Promise<Event[]>;
  readonly tail: Pick<Tail, 'reads' | 'changed'>;
  readonly matches: (event: Event) => boolean;
  /** Called once, when the subscriber has gone. */
  readonly closed: () => void;
}

/**
 * One subscriber's way along the log. It holds a cursor and at most the page that it is at, and
 * reads on only when it is asked to, so that a slow subscriber costs no memory.
 */
export class Subscription<Event extends AllocationEvent> implements AsyncIterableIterator<Event, undefined> {
  readonly #options: SubscriptionOptions<Event>;
  readonly #abort = new AbortController();
  #cursor: number;
  #page: Event[] = [];
  #at = 0;

  constructor(options: SubscriptionOptions<Event>) {
    this.#options = options;
    this.#cursor = options.after;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    try {
      return await this.#next();
    } catch (error) {
      // Nobody calls `return` on an iterator that threw.
      await this.return();
      throw error;
    }
  }

  async #next(): Promise<IteratorResult<Event, undefined>> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const event = this.#nextOfPage();
      if (event) return { done: false, value: event };
      const { tail } = this.#options;
      const { reads } = tail;
      this.#page = await this.#options.read(this.#cursor);
      this.#at = 0;
      if (this.#page.length === 0) await tail.changed(reads, signal);
    }
    return { done: true, value: undefined };
  }

  /** Ends it at once, also while `next` waits. */
  async return(): Promise<IteratorResult<Event, undefined>> {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort();
      this.#page = [];
      this.#options.closed();
    }
    return { done: true, value: undefined };
  }

  #nextOfPage(): Event | undefined {
    while (this.#at < this.#page.length) {
      const event = this.#page[this.#at++];
      if (!event) continue;
      this.#cursor = event.number;
      if (this.#options.matches(event)) return event;
    }
    return undefined;
  }
}
