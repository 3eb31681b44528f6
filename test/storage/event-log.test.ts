import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/storage/event-log.ts';
import { engines } from '../support/databases.ts';
import { plansOf } from '../support/query-plans.ts';
import { insertRaw } from '../support/raw-rows.ts';

describe.each(engines)('the events of a host that was forgotten on $name', (engine) => {
  it('stay in the log', async () => {
    const database = await engine.open();
    const allocation = {
      port: 8_000,
      allocatedAt: '2026-11-22T12:00:00Z',
      releasedAt: null,
      lastCheckedAt: null,
      lastActiveAt: null,
    };
    await insertRaw(database, 'allocation_event', { allocation });
    const events = await readEvents(database, undefined, 10);
    const host = { name: 'quay', lastSeenAt: null, scannedAt: null, observedTime: null, historyTime: null };
    expect(events).toMatchObject([{ number: 1, host }]);
  });
});

describe.each(engines)('the events of a worktree on $name', (engine) => {
  it('are found by an index, however many others there are', async () => {
    const database = await engine.open();
    await database.script(`
      INSERT INTO wharfinger.host (name) VALUES ('quay');
      INSERT INTO wharfinger.allocation_event
        (number, kind, occurred_at, host_name, port, environment, worktree_path, allocation_id, allocation)
      SELECT n, 'allocated', now(), 'quay', 8000, 'dev', CASE WHEN n % 2 = 0 THEN '/wt/' || n % 500 END, gen_random_uuid(),
        '{}'
      FROM generate_series(1, 5000) AS n;
      ANALYZE wharfinger.allocation_event`);
    const plan = await plansOf(database, (sql) => readEvents(sql, undefined, 100, { worktreePath: '/wt/8' }));
    expect(plan).toContain('allocation_event_worktree_path_number_idx');
    expect(plan).not.toMatch(/allocation_event_pkey|Seq Scan on allocation_event/);
  });
});
