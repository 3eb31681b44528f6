import { DatabaseUnavailable } from '../storage/database-error.ts';
import { Subscription } from './subscription.ts';
import { type Entry, Tail, type TailOptions } from './tail.ts';

interface Wish<Each extends Entry> {
  /** The log's end, as it was just read. */
  readonly last: number;
  /** The number after which to begin. Default: the log's end. */
  readonly after?: number | undefined;
  readonly matches: (entry: Each) => boolean;
  /** What comes before the log: the entries after a number, up to the log's end, oldest first, at most `limit`. Default: nothing. */
  readonly before?: ((after: number, limit: number) => Promise<Each[]>) | undefined;
}

/**
 * How many entries all subscribers together hold that they have not passed on yet, some 1 kB each and 20 kB at most, and
 * how many one of them reads at a time: fewer, the more of them there are.
 */
const mostHeld = 8_000;
const longestPage = 500;
const shortestPage = 8;

/** The subscribers of one log, all of whom its tail serves. */
export class Followers<Each extends Entry> {
  readonly tail: Tail<Each>;
  readonly #read: TailOptions<Each>['read'];
  readonly #subscriptions = new Set<Subscription<Each>>();

  constructor(options: TailOptions<Each>) {
    this.tail = new Tail(options);
    this.#read = options.read;
  }

  get count(): number {
    return this.#subscriptions.size;
  }

  get #pageSize(): number {
    return Math.min(longestPage, Math.max(shortestPage, Math.floor(mostHeld / this.count)));
  }

  /** A subscription to every entry that matches, each once and in order. */
  follow(wish: Wish<Each>): Subscription<Each> {
    const { last, after, matches } = wish;
    const subscription: Subscription<Each> = new Subscription({
      after: after ?? (wish.before ? 0 : last),
      read: this.#reading(wish),
      tail: this.tail,
      matches,
      closed: () => {
        this.#subscriptions.delete(subscription);
        if (this.#subscriptions.size === 0) this.tail.stop();
      },
    });
    this.#subscriptions.add(subscription);
    // What was committed since `last` was read is before the tail's start, and is read from the log.
    this.tail.start(last);
    this.tail.wake();
    return subscription;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.return()));
  }

  #reading({ last, before }: Wish<Each>) {
    let isBefore = before !== undefined;
    return async (after: number): Promise<Each[]> => {
      try {
        if (before && isBefore) {
          const page = await before(after, this.#pageSize);
          if (page.length > 0) return page;
          isBefore = false;
        }
        const start = before ? Math.max(after, last) : after;
        return this.tail.after(start, this.#pageSize) ?? (await this.#read(start, this.#pageSize));
      } catch (error) {
        if (error instanceof DatabaseUnavailable) return []; // and again after the next wake
        throw error;
      }
    };
  }
}
