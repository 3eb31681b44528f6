import { describe, expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import { createFeed } from '../../src/feed/feed.ts';
import type { RegistryOptions } from '../../src/registry/registry.ts';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { engines } from '../support/databases.ts';
import { recordLog } from '../support/recorded-log.ts';
import { allocate, listener, openRegistry, seeing, worktree } from '../support/registry.ts';
import { churn, expectWhole, readLog, readUntil, scanWith, told } from './conflict-stream.ts';

describe.each(engines)('the feed of conflicts on $name', (engine) => {
  /** A feed on a database that `alter` gets into the way of, and a registry that is not hindered. */
  async function open(alter: (database: Database) => Partial<Database> = () => ({})) {
    const database = await engine.open();
    const feed = await createFeed({ ...database, ...alter(database) }, recordLog().log);
    const host = (overrides: Partial<RegistryOptions> = {}) => {
      const listeners: SeenListener[] = [];
      const registry = openRegistry(database, { observer: seeing(listeners), ...overrides });
      return { registry, listeners, listen: (...ports: number[]) => scanWith(registry, listeners, ports) };
    };
    return { database, feed, host };
  }

  it('tells those that are open, then each that opens or resolves', async () => {
    const { feed, host } = await open();
    const { listen } = host();
    await listen(8_000, 8_001);
    const conflicts = await feed.conflicts({});
    expect(await told(conflicts, 2)).toEqual(['8000 open', '8001 open']);
    await listen(8_001, 8_002);
    await listen(8_000, 8_001, 8_002);
    expect(await told(conflicts, 3)).toEqual(['8002 open', '8000 resolved', '8000 open']);
    await feed.close();
  });

  it('tells as open what has resolved before it is read, and then as resolved', async () => {
    const { feed, host } = await open();
    const { listen } = host();
    await listen(8_000);
    const conflicts = await feed.conflicts({});
    await listen(8_001);
    await listen();
    expect(await told(conflicts, 4)).toEqual(['8000 open', '8001 open', '8000 resolved', '8001 resolved']);
    await feed.close();
  });

  it('does not tell what resolved before it began', async () => {
    const { feed, host } = await open();
    const { listen } = host();
    await listen(8_000, 8_001);
    await listen(8_001);
    const conflicts = await feed.conflicts({});
    await listen(8_001, 8_002);
    expect(await told(conflicts, 2)).toEqual(['8001 open', '8002 open']);
    await feed.close();
  });

  it('brings what a conflict is about', async () => {
    const { feed, host } = await open();
    const { registry, listeners } = host();
    const held = await allocate(registry, 'web', { owner: worktree('/wt/a') });
    await allocate(registry, 'web', { owner: worktree('/wt/b') });
    listeners.push(listener(held.port, { workingDirectory: '/wt/b' }));
    await registry.scanHost();
    const { value } = await (await feed.conflicts({})).next();
    expect(value).toMatchObject({
      conflict: { kind: 'port_squatted', port: held.port, listener: { workingDirectory: '/wt/b' } },
      host: { name: 'quay' },
      allocation: { id: held.id, liveness: 'squatted' },
      worktree: { path: '/wt/a' },
    });
    await feed.close();
  });

  it('tells only what matches', async () => {
    const { feed, host } = await open();
    const [quay, pier] = [host(), host({ hostName: 'pier' })];
    await pier.listen(8_000);
    const [ofPier, squatted, unregistered] = await Promise.all([
      feed.conflicts({ hostName: 'pier' }),
      feed.conflicts({ kinds: ['port_squatted', 'range_overlap'] }),
      feed.conflicts({ kinds: ['unregistered_listener'], hostName: 'quay' }),
    ]);
    await quay.listen(8_001);
    await pier.listen();
    expect(await told(ofPier, 2)).toEqual(['8000 open', '8000 resolved']);
    expect(await told(unregistered, 1)).toEqual(['8001 open']);
    const waiting = squatted.next();
    await feed.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('gives whoever joins, at any moment, every change after that once and in order', async () => {
    const { database, feed, host } = await open();
    const { registry, listeners, listen } = host();
    const reading: ReturnType<typeof readUntil>[] = [];
    const join = async () => {
      for (let count = 0; count < 40; count++) reading.push(readUntil(await feed.conflicts({}), 8_900)); // meanwhile
    };
    await Promise.all([churn(registry, listeners, 40), join()]);
    await listen(); // so that 8900 is the last of all
    await listen(8_900);
    const log = await readLog(database);
    expectWhole(await Promise.all(reading), log);
    await feed.close();
  });

  it('reads what happens once for all subscribers, and the open ones a page at a time as each is asked', async () => {
    const reads: string[] = [];
    const { feed, host } = await open((database) => ({
      query: (text, values) => {
        if (text.includes('wharfinger.conflict'))
          reads.push(text.includes('resolved_number > $3') ? 'open' : 'changes');
        return database.query(text, values);
      },
    }));
    const { registry, listeners, listen } = host();
    await listen(...Array.from({ length: 501 }, (_, index) => 8_200 + index));
    const all = await Promise.all(Array.from({ length: 50 }, () => feed.conflicts({})));
    expect(reads.filter((each) => each === 'open')).toEqual([]);
    const [slow] = all;
    const page = 8_000 / all.length; // together they hold 8,000 at most
    expect((await told(slow ?? expect.fail(), page)).at(-1)).toBe(`${8_199 + page} open`);
    expect(reads.filter((each) => each === 'open')).toHaveLength(1);
    await told(slow ?? expect.fail(), 500 - page);
    for (const conflicts of all.slice(1)) await told(conflicts, 501);
    const before = reads.length;
    await churn(registry, listeners, 5);
    await listen(8_900);
    const seen = await Promise.all(all.slice(1).map((conflicts) => readUntil(conflicts, 8_900)));
    for (const each of seen) expect(each).toEqual(seen[0]);
    // One who waits looks for further open ones once; all others is the tail.
    expect(reads.slice(before).filter((each) => each === 'changes').length).toBeLessThan(20);
    expect((await told(slow ?? expect.fail(), 2))[0]).toBe('8700 open');
    await feed.close();
  });

  it('goes on where the database did not answer, also among the open ones', async () => {
    const failures = { left: 0 };
    const woken = () => {
      wake();
      return failures.left;
    };
    let wake = () => {};
    const { feed, host } = await open((database) => ({
      listen: async (given) => {
        wake = given;
        return async () => {};
      },
      query: async (text, values) => {
        const fails = text.includes('wharfinger.conflict') && failures.left-- > 0;
        if (fails) throw new DatabaseUnavailable(new Error('down'));
        return database.query(text, values);
      },
    }));
    const { listen } = host();
    await listen(8_000);
    const conflicts = await feed.conflicts({});
    failures.left = 3;
    const next = told(conflicts, 1);
    await expect.poll(woken).toBeLessThan(0);
    expect(await next).toEqual(['8000 open']);
    failures.left = 3;
    await listen();
    const resolved = told(conflicts, 1);
    await expect.poll(woken).toBeLessThan(0);
    expect(await resolved).toEqual(['8000 resolved']);
    await feed.close();
  });

  it('counts its subscribers with the others, and ends with them when the feed closes', async () => {
    const { feed } = await open();
    expect(feed.status()).toEqual({ subscribers: 0, last: null });
    const conflicts = await feed.conflicts({});
    expect(feed.status()).toEqual({ subscribers: 1, last: null });
    await feed.subscribe({});
    expect(feed.status()).toEqual({ subscribers: 2, last: 0 });
    await conflicts.return?.();
    expect(feed.status().subscribers).toBe(1);
    const waiting = (await feed.conflicts({})).next();
    await feed.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(feed.status().subscribers).toBe(0);
  });
});
