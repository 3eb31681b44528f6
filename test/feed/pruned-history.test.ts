import { describe, expect, it, vi } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { Database } from '../../src/storage/database.ts';
import { readLogSpan, UnknownCursor } from '../../src/storage/event-log.ts';
import { embedded, engines } from '../support/databases.ts';
import { recordLog } from '../support/recorded-log.ts';
import { openRegistry, stoppedClock } from '../support/registry.ts';
import { startServer } from '../support/server.ts';
import { change, numbers } from './events.ts';

const day = 86_400_000;

/** A registry whose history is deleted when a test says so. */
function aging(database: Database) {
  const clock = stoppedClock();
  const registry = openRegistry(database, { clock: clock.now });
  /** Deletes everything that has happened so far. */
  const prune = async () => {
    clock.advance(91 * day);
    await registry.cleanupPorts({ host: null, dryRun: false });
  };
  return { registry, prune };
}

const changeTwice = (registry: Registry, name: string) => change(registry, 2, name);

describe.each(engines)('history that was deleted on $name', (engine) => {
  async function open(alter: (database: Database) => Partial<Database> = () => ({})) {
    const database = await engine.open();
    const feed = await createFeed({ ...database, ...alter(database) }, recordLog().log);
    return { database, feed, ...aging(database) };
  }

  const expectRefused = async (asked: Promise<unknown>) => {
    await expect(asked).rejects.toThrow(UnknownCursor);
    await expect(asked).rejects.toThrow(
      'The cursor 3 is older than the history that is kept (PORT_HISTORY_DAYS), which begins after 4. Subscribe without a cursor and read the allocations anew.',
    );
  };

  it('is what a cursor cannot be before, while one at its end can be resumed', async () => {
    const { database, feed, registry, prune } = await open();
    await change(registry, 4);
    await prune();
    await changeTwice(registry, 'later');
    expect(await readLogSpan(database)).toEqual({ prunedThrough: 4, last: 6 });

    await expectRefused(feed.subscribe({}, 3));
    await expectRefused(feed.page({}, 3, 10));
    expect(feed.status().subscribers).toBe(0);
    expect(await numbers(await feed.subscribe({}, 4), 2)).toEqual([5, 6]);
    expect((await feed.page({}, 4, 10)).map(({ number }) => number)).toEqual([5, 6]);
    expect((await feed.page({}, undefined, 1)).map(({ number }) => number)).toEqual([5]);
    await feed.close();
  });

  it('ends the stream of who has not read it with an error', async () => {
    const { feed, registry, prune } = await open();
    await change(registry, 4);
    const slow = await feed.subscribe({}, 0);
    const quick = await feed.subscribe({}, 0);
    expect(await numbers(quick, 4)).toEqual([1, 2, 3, 4]);
    await prune();
    await changeTwice(registry, 'later');

    await expect(slow.next()).rejects.toThrow(UnknownCursor);
    expect(await slow.next()).toEqual({ done: true, value: undefined });
    expect(feed.status().subscribers).toBe(1);
    expect(await numbers(quick, 2)).toEqual([5, 6]);
    await feed.close();
  });

  it('is not passed over in silence by an instance that has not heard of it in time', async () => {
    let wake = () => {};
    let reads = 0;
    const { feed, registry, prune } = await open((database) => ({
      listen: async (given) => {
        wake = given;
        return async () => {};
      },
      async query(text, values, options) {
        const rows = await database.query<never>(text, values, options);
        if (text.includes('FROM wharfinger.allocation_event')) reads += 1;
        return rows;
      },
    }));
    const deaf = await feed.subscribe({});
    await vi.waitFor(() => expect(reads).toBe(1)); // and hears of nothing from then on
    await changeTwice(registry, 'unheard');
    await prune();
    await changeTwice(registry, 'later');
    const others = await Promise.all([feed.subscribe({}, 2), feed.subscribe({})]);
    await changeTwice(registry, 'latest');
    const waiting = deaf.next();
    waiting.catch(() => {}); // expected below
    wake();

    await expect(waiting).rejects.toThrow(UnknownCursor);
    expect(await numbers(others[0] ?? expect.fail(), 4)).toEqual([3, 4, 5, 6]);
    expect(await numbers(others[1] ?? expect.fail(), 2)).toEqual([5, 6]);
    expect(feed.status()).toEqual({ subscribers: 2, last: 6 });
    await feed.close();
  });

  it('does not disturb whoever has read it, however long ago', async () => {
    const { feed, registry, prune } = await open();
    const idle = await feed.subscribe({});
    await change(registry, 4);
    expect(await numbers(idle, 4)).toEqual([1, 2, 3, 4]);
    const waiting = numbers(idle, 2);
    for (let ages = 0; ages < 3; ages++) await prune(); // one after the other
    await changeTwice(registry, 'later');
    expect(await waiting).toEqual([5, 6]);
    await feed.close();
  });
});

describe('a client whose next events were deleted while it was connected', () => {
  it.each(['overWebsocket', 'overEventStream'] as const)('is told so, %s', async (transport) => {
    let wake = () => {};
    const database = await embedded.open();
    const { registry, prune } = aging(database);
    const listen: Database['listen'] = async (given) => {
      wake = given;
      return async () => {};
    };
    const server = await startServer({ database: { ...database, listen }, registry });
    const told = server[transport]('subscription { allocationChanged { cursor } }').next();
    await vi.waitUntil(() => server.feed.status().subscribers === 1);
    await change(registry, 2);
    await prune();
    wake();

    // graphql-ws throws the errors that end an operation.
    const errors = await told.then(
      ({ value }) => value.errors,
      (thrown: unknown) => thrown,
    );
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^The cursor 0 is older than the history that is kept/),
        extensions: { code: 'UNKNOWN_CURSOR' },
      },
    ]);
    expect(server.entries('error')).toEqual([]);
  });
});
