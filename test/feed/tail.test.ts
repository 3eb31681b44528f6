import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { embedded } from '../support/databases.ts';
import { allocate, openRegistry } from '../support/registry.ts';

/** A database whose next readings of the log fail, and the feed's wake-up. */
async function flakyFeed(failures: { left: number }) {
  const database = await embedded.open();
  const registry = openRegistry(database);
  let wake = () => {};
  const flaky: Database = {
    ...database,
    listen: async (given) => {
      wake = given;
      return async () => {};
    },
    query: async (text, values) => {
      if (text.includes('allocation_event') && failures.left-- > 0) throw new DatabaseUnavailable(new Error('down'));
      return database.query(text, values);
    },
  };
  return { registry, feed: await createFeed(flaky, pino({ level: 'silent' })), wake: () => wake() };
}

it('wakes a subscriber that could not read what it had missed, though nothing new happens', async () => {
  const failures = { left: 0 };
  const { registry, feed, wake } = await flakyFeed(failures);
  const { port } = await allocate(registry, 'web');
  const resumed = await feed.subscribe({}, 0);
  await vi.waitFor(() => expect(feed.status().subscribers).toBe(1));

  failures.left = 2;
  const next = resumed.next();
  await vi.waitFor(() => {
    wake();
    expect(failures.left).toBeLessThan(0);
  });

  expect((await next).value?.allocation.port).toBe(port);
  await feed.close();
});

it('forgets a subscriber whose reading failed for good', async () => {
  const database = await embedded.open();
  await allocate(openRegistry(database), 'web');
  const broken: Database = {
    ...database,
    listen: async () => async () => {},
    query: async (text, values) => {
      if (text.includes('allocation_event')) throw new Error('a fault');
      return database.query(text, values);
    },
  };
  const feed = await createFeed(broken, pino({ level: 'silent' }));
  const subscription = await feed.subscribe({}, 0);

  await expect(subscription.next()).rejects.toThrow('a fault');
  expect(feed.status().subscribers).toBe(0);
});
