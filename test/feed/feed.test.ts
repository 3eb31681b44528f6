import { describe, expect, it } from 'vitest';
import type { EventFilter } from '../../src/domain/event-filter.ts';
import { createFeed } from '../../src/feed/feed.ts';
import type { Database } from '../../src/storage/database.ts';
import { UnknownCursor } from '../../src/storage/event-log.ts';
import { engines } from '../support/databases.ts';
import { recordLog } from '../support/recorded-log.ts';
import {
  allocate,
  checkout,
  codebase,
  conversation,
  granted,
  openRegistry,
  release,
  repository,
  worktree,
} from '../support/registry.ts';
import { change, numbers, range } from './events.ts';

describe.each(engines)('the feed on $name', (engine) => {
  async function open() {
    const database = await engine.open();
    const feed = await createFeed(database, recordLog().log);
    return { database, feed, registry: openRegistry(database) };
  }

  it('gives a subscriber who is cut off again and again each of 1000 changes once and in order', async () => {
    const { feed, registry } = await open();
    const seen: number[] = [];
    const read = async () => {
      while (seen.length < 1_000) {
        const events = await feed.subscribe({}, seen.at(-1) ?? 0);
        seen.push(...(await numbers(events, Math.min(37, 1_000 - seen.length)))); // in order
        await events.return?.();
      }
    };
    await Promise.all([read(), change(registry, 1_000)]);
    expect(seen).toEqual(range(1, 1_000));
    await feed.close();
  });

  it('begins with what happens from now on, or right after a cursor', async () => {
    const { feed, registry } = await open();
    await change(registry, 4);
    const fresh = await feed.subscribe({});
    const resumed = await feed.subscribe({}, 2);
    const current = await feed.subscribe({}, 4);
    await change(registry, 2);
    expect(await numbers(fresh, 2)).toEqual([5, 6]);
    expect(await numbers(resumed, 4)).toEqual([3, 4, 5, 6]);
    expect(await numbers(current, 2)).toEqual([5, 6]);
    expect(await feed.latest()).toBe(6);
    await feed.close();
  });

  it('refuses a cursor that lies beyond the end of the log', async () => {
    const { feed, registry } = await open();
    await change(registry, 2);
    await expect(feed.subscribe({}, 3)).rejects.toThrow(UnknownCursor);
    await expect(feed.subscribe({}, 3)).rejects.toThrow(/cursor 3 .* ends at 2/);
    expect(feed.status().subscribers).toBe(0);
    await feed.close();
  });

  it('gives only what matches, live and in pages alike', async () => {
    const { feed, registry } = await open();
    const everyone: [EventFilter, number[]][] = [
      [{}, [2, 3, 4, 5, 6]],
      [{ hostName: 'pier' }, [5]],
      [{ kinds: ['released'] }, [6]],
      [{ kinds: ['allocated', 'released'], ports: [8000] }, [2, 5]],
      [{ environments: ['test'] }, [4, 6]],
      [{ codebaseId: 'shop' }, [2, 3]],
      [{ worktreePath: '/wt/a' }, [2]],
      [{ conversationId: 'c' }, [4, 6]],
      [{ ports: [8000, 8001] }, [2, 3, 5]],
      [{ ports: [] }, []],
    ];
    granted(await registry.registerCodebase(repository('shop', { id: 'shop' }))); // draws 1, and is no event
    const live = await Promise.all(everyone.map(async ([filter]) => feed.subscribe(filter)));
    granted(await registry.registerWorktree(checkout('/wt/a', { codebaseId: 'shop' }))); // 2: 8000
    await allocate(registry, 'b', { owner: codebase('shop') }); // 3: 8001
    const { port } = await allocate(registry, 'c', { owner: conversation('c'), environment: 'test' }); // 4: 7000
    await allocate(registry, 'd', { host: 'pier', owner: worktree('/wt/x') }); // 5: 8000
    granted(await registry.releasePort(release(port, { owner: conversation('c') }))); // 6
    for (const [index, [filter, expected]] of everyone.entries()) {
      const events = live[index] ?? expect.fail();
      expect(await numbers(events, expected.length), JSON.stringify(filter)).toEqual(expected);
      expect((await feed.page(filter, 0, 100)).map(({ number }) => number)).toEqual(expected);
    }
    await feed.close();
  });

  it('gives a page of the log between a cursor and a limit', async () => {
    const { feed, registry } = await open();
    await change(registry, 10);
    const page = await feed.page({}, 3, 4);
    expect(page.map(({ number }) => number)).toEqual([4, 5, 6, 7]);
    await feed.close();
  });

  it('ends a subscription at once, also while it waits', async () => {
    const { feed, registry } = await open();
    const events = await feed.subscribe({});
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(feed.status().subscribers).toBe(0);
    await change(registry, 2);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    await feed.close();
  });

  it('ends every subscription when it closes', async () => {
    const { feed } = await open();
    const all = await Promise.all([feed.subscribe({}), feed.subscribe({}, 0)]);
    const waiting = all.map((events) => events.next());
    await feed.close();
    expect(await Promise.all(waiting)).toEqual(
      [{ done: true }, { done: true }].map((end) => ({ ...end, value: undefined })),
    );
  });

  it('goes on for the others when one leaves, and begins anew when all have left', async () => {
    const { feed, registry } = await open();
    const [first, second] = [await feed.subscribe({}), await feed.subscribe({})];
    await first.return?.();
    await change(registry, 2);
    expect(await numbers(second, 2)).toEqual([1, 2]);
    await second.return?.();
    await change(registry, 2);
    const third = await feed.subscribe({}, 1);
    await change(registry, 2);
    expect(await numbers(third, 5)).toEqual([2, 3, 4, 5, 6]);
    await feed.close();
  });

  it('reads the log once for all subscribers, and further back for one who is behind', async () => {
    const database = await engine.open();
    const reads: unknown[] = [];
    const query: Database['query'] = (text, values) => {
      if (text.includes('FROM wharfinger.allocation_event')) reads.push(values?.[0]);
      return database.query(text, values);
    };
    const feed = await createFeed({ ...database, query }, recordLog().log);
    const registry = openRegistry(database);
    const all = await Promise.all(Array.from({ length: 50 }, () => feed.subscribe({})));
    await change(registry, 20);
    for (const events of all) expect(await numbers(events, 20)).toEqual(range(1, 20));
    expect(reads.length).toBeLessThan(50);
    const before = reads.length;
    const late = await feed.subscribe({}, 0);
    expect(reads.length).toBeLessThanOrEqual(before + 1);
    expect(await numbers(late, 20)).toEqual(range(1, 20));
    await feed.close();
  });
});
