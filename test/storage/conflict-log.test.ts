import { describe, expect, it } from 'vitest';
import { readConflictChanges, readConflictsOpenAt } from '../../src/storage/conflict-log.ts';
import type { Database, Sql } from '../../src/storage/database.ts';
import { engines } from '../support/databases.ts';
import { plansOf } from '../support/query-plans.ts';

const resolved = 20_000;
const open = 100;
const last = 2 * resolved + open;

/** As many conflicts as a year may leave behind: the first ones resolved, at the number after their own, the last ones open. */
async function fill(database: Database): Promise<void> {
  await database.script(`
    INSERT INTO wharfinger.host (name) VALUES ('quay');
    INSERT INTO wharfinger.conflict
      (id, kind, host_name, cause, message, detected_at, resolved_at, dismissed, opened_number, resolved_number, revision)
    SELECT gen_random_uuid(), 'range_overlap', 'quay', 'cause ' || n, repeat('x', 200), now(),
      CASE WHEN n <= ${resolved} THEN now() END, false,
      CASE WHEN n <= ${resolved} THEN 2 * n - 1 ELSE ${resolved} + n END,
      CASE WHEN n <= ${resolved} THEN 2 * n END, 2 * n
    FROM generate_series(1, ${resolved + open}) AS n;
    UPDATE wharfinger.event_counter SET last_number = ${last};
    ANALYZE wharfinger.conflict;`);
}

describe.each(engines)('conflicts on $name', (engine) => {
  it('are read by their numbers, however many there are', async () => {
    const database = await engine.open();
    await fill(database);
    const asked: readonly [string, (sql: Sql) => Promise<{ number: number }[]>, number[]][] = [
      ['the tail', (sql) => readConflictChanges(sql, last - 1, 1_000), [last]],
      ['far back', (sql) => readConflictChanges(sql, 4, 3), [5, 6, 7]],
      ['the first open ones', (sql) => readConflictsOpenAt(sql, { at: last, after: 0, limit: 2 }), [40_001, 40_002]],
      ['the last open one', (sql) => readConflictsOpenAt(sql, { at: last, after: last - 1, limit: 500 }), [last]],
      ['open a while ago', (sql) => readConflictsOpenAt(sql, { at: 39_999, after: 0, limit: 500 }), [39_999]],
    ];
    for (const [what, ask, numbers] of asked) {
      expect(
        (await ask(database)).map(({ number }) => number),
        what,
      ).toEqual(numbers);
      const plan = await plansOf(database, ask);
      expect(plan, what).not.toContain('Seq Scan on conflict');
    }
  });
});
