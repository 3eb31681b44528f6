import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Subscription } from '../../src/feed/subscription.ts';

/** A log of numbers, of which each read gives at most three, and a subscription to it. */
function subscribe(log: number[], matches: (number: number) => boolean = () => true) {
  const reads: number[] = [];
  const grown = new EventEmitter();
  let growths = 0;
  const subscription = new Subscription({
    after: 0,
    read: async (after) => {
      reads.push(after);
      const page = log.filter((number) => number > after).slice(0, 3);
      return page.map((number) => ({ number }));
    },
    tail: {
      get reads() {
        return growths;
      },
      async changed(known, signal) {
        if (known === growths) await once(grown, 'grown', { signal });
      },
    },
    matches: ({ number }) => matches(number),
    closed: () => {},
  });
  const append = (...numbers: number[]) => {
    log.push(...numbers);
    growths += 1;
    grown.emit('grown');
  };
  return { subscription, reads, append };
}

describe('a subscription', () => {
  it('reads nothing until it is asked, and then one page at a time', async () => {
    const { subscription, reads } = subscribe([1, 2, 3, 4, 5, 6, 7]);
    expect(reads).toEqual([]);
    expect((await subscription.next()).value).toEqual({ number: 1 });
    await subscription.next();
    await subscription.next();
    expect(reads).toEqual([0]);
    expect((await subscription.next()).value).toEqual({ number: 4 });
    expect(reads).toEqual([0, 3]);
  });

  it('waits at the end of the log until it grows', async () => {
    const { subscription, append } = subscribe([]);
    const next = subscription.next();
    append(1);
    expect((await next).value).toEqual({ number: 1 });
  });

  it('passes over what does not match, page after page', async () => {
    const { subscription, reads } = subscribe([1, 2, 3, 4, 5, 6, 7], (number) => number === 7);
    expect((await subscription.next()).value).toEqual({ number: 7 });
    expect(reads).toEqual([0, 3, 6]);
  });

  it('misses nothing that comes between a look and a wait', async () => {
    const log: number[] = [];
    const { subscription, append } = subscribe(log);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const { number } of subscription) if (seen.push(number) === 50) break;
    })();
    for (let number = 1; number <= 50; number += 1) {
      append(number);
      for (let turns = number % 4; turns > 0; turns -= 1) await Promise.resolve(); // between its steps
    }
    await reading;
    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });
});
