import { describe, expect, it } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import { postgresql } from '../support/databases.ts';
import { lingering } from '../support/lingering.ts';
import { recordLog } from '../support/recorded-log.ts';
import { openRegistry } from '../support/registry.ts';
import { change, numbers, range } from './events.ts';

describe('two instances on one PostgreSQL', () => {
  it('give the subscribers of either every event once and in the same order, however their transactions interleave', async () => {
    const shared = await postgresql.create();
    const instances = await Promise.all(
      ['quay', 'pier'].map(async (hostName) => {
        const database = await shared.open();
        const feed = await createFeed(database, recordLog().log);
        return { database, feed, registry: openRegistry(lingering(database), { hostName }) };
      }),
    );
    const subscriptions = await Promise.all(
      instances.flatMap(({ feed }) => [feed.subscribe({}), feed.subscribe({}, 0)]),
    );
    const reading = subscriptions.map((events) => numbers(events, 400));
    await Promise.all(instances.map(({ registry }, index) => change(registry, 200, `of-${index}`)));
    for (const seen of await Promise.all(reading)) expect(seen).toEqual(range(1, 400));
    const hosts = (await instances[0]?.feed.page({}, 0, 400))?.map(({ allocation }) => allocation.hostName) ?? [];
    expect(hosts.filter((host, index) => host !== hosts[index - 1]).length).toBeGreaterThan(4);
    await Promise.all(instances.map(({ feed }) => feed.close()));
  });
});
