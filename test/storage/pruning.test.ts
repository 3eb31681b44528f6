import { describe, expect, it } from 'vitest';
import type { Database, Sql } from '../../src/storage/database.ts';
import { readLogSpan } from '../../src/storage/event-log.ts';
import { mostPruned, readLedger } from '../../src/storage/ledger-reads.ts';
import { hasOldHistory, mostConflictsPruned, mostEventsPruned, writePruning } from '../../src/storage/pruning.ts';
import { engines } from '../support/databases.ts';
import { plansOf } from '../support/query-plans.ts';

const before = new Date('2026-06-01T00:00:00.000Z');
const oldConflicts = 1_500;
const oldEvents = 11_000;
const events = 14_000;

/** The first and the last number of the events that were dated too late, and too early. */
interface WrongClocks {
  readonly late?: readonly [number, number];
  readonly early?: readonly [number, number];
}

const time = (old: number) =>
  `CASE WHEN n <= ${old} THEN timestamptz '2026-01-01' ELSE timestamptz '2026-07-01' END + n * interval '1 second'`;

/** Old history of many allocations on one host, and as much on another that is younger. */
const fillAllocations = (database: Database) =>
  database.script(`
    INSERT INTO wharfinger.host (name) VALUES ('quay'), ('pier') ON CONFLICT DO NOTHING;
    INSERT INTO wharfinger.port_allocation
      (id, host_name, port, service_name, environment, status, owner, public_hostnames, allocated_at, released_at)
    SELECT gen_random_uuid(), CASE WHEN n <= 2000 THEN 'quay' ELSE 'pier' END, 1 + n, 'web', 'dev', 'released', 'nobody',
      '{}', timestamptz '2025-01-01', ${time(2_000)}
    FROM generate_series(1, 8000) AS n;
    ANALYZE wharfinger.port_allocation`);

const fillConflicts = (database: Database) =>
  database.script(`
    INSERT INTO wharfinger.host (name) VALUES ('quay') ON CONFLICT DO NOTHING;
    INSERT INTO wharfinger.conflict
      (id, kind, host_name, cause, message, detected_at, resolved_at, dismissed, opened_number, resolved_number, revision)
    SELECT gen_random_uuid(), 'range_overlap', 'quay', 'cause ' || n, 'It overlaps.', '2025-01-01', ${time(oldConflicts)},
      n = 1, 2 * n - 1, 2 * n, 2 * n
    FROM generate_series(1, 5000) AS n;
    ANALYZE wharfinger.conflict`);

/** Old events and younger ones, of which some are dated wrong. */
const fillEvents = (database: Database, { late = [0, 0], early = [0, 0] }: WrongClocks = {}) =>
  database.script(`
    INSERT INTO wharfinger.allocation_event
      (number, kind, occurred_at, host_name, port, environment, allocation_id, allocation)
    SELECT n, 'allocated', CASE WHEN n BETWEEN ${late.join(' AND ')} THEN timestamptz '2100-01-01'
        WHEN n BETWEEN ${early.join(' AND ')} THEN timestamptz '1970-01-01' ELSE ${time(oldEvents)} END,
      'quay', 8000, 'dev', gen_random_uuid(), '{}'
    FROM generate_series(1, ${events}) AS n;
    UPDATE wharfinger.event_counter SET last_number = ${events};
    ANALYZE wharfinger.allocation_event`);

async function countsIn(sql: Sql) {
  const count = async (table: string) => {
    const [row] = await sql.query<{ count: number }>(`SELECT count(*)::integer AS count FROM wharfinger.${table}`);
    return row?.count;
  };
  return { conflicts: await count('conflict'), events: await count('allocation_event') };
}

const prune = (database: Database) => database.transaction((sql) => writePruning(sql, { before, allocationIds: [] }));

/** The events that are left once nothing more is deleted. */
async function eventsLeft(database: Database) {
  for (let parts = 0; parts < 2; parts++) await prune(database);
  const [row] = await database.query(
    `SELECT min(number)::integer AS first, count(*)::integer AS count, min(pruned_through)::integer AS through
     FROM wharfinger.allocation_event, wharfinger.event_counter`,
  );
  return row;
}

describe.each(engines)('old history on $name', (engine) => {
  it('is deleted a part at a time, the oldest first, and the log says up to where', async () => {
    const database = await engine.open();
    await fillConflicts(database);
    await fillEvents(database);
    const pruned = async () => {
      await prune(database);
      return { ...(await countsIn(database)), through: (await readLogSpan(database)).prunedThrough };
    };
    expect(await pruned()).toEqual({
      conflicts: 5_000 - mostConflictsPruned,
      events: events - mostEventsPruned,
      through: mostEventsPruned,
    });
    // The dismissed one stays.
    const rest = { conflicts: 3_501, events: events - oldEvents, through: oldEvents };
    expect(await pruned()).toEqual(rest);
    expect(await pruned()).toEqual(rest);
  });

  it.each<WrongClocks & { wrong: string }>([
    { wrong: 'one event', late: [oldEvents - 600, oldEvents - 600], early: [oldEvents + 100, oldEvents + 100] },
    { wrong: '400 events', late: [9_700, 10_099], early: [oldEvents + 2, oldEvents + 401] },
  ])('is deleted whole, and nothing else, where clocks dated $wrong too late and too early', async (clocks) => {
    const database = await engine.open();
    await fillEvents(database, clocks);
    expect(await eventsLeft(database)).toEqual({ first: oldEvents + 1, count: events - oldEvents, through: oldEvents });
  });

  it('is left as long as another part would delete something', async () => {
    const database = await engine.open();
    await database.script(`
      INSERT INTO wharfinger.host (name) VALUES ('quay');
      INSERT INTO wharfinger.port_allocation
        (id, host_name, port, service_name, environment, status, owner, public_hostnames, allocated_at, released_at)
      VALUES (gen_random_uuid(), 'quay', 8000, 'web', 'dev', 'released', 'nobody', '{}', '2025-01-01', '2025-01-02');
      INSERT INTO wharfinger.conflict
        (id, kind, host_name, cause, message, detected_at, resolved_at, dismissed, opened_number, resolved_number, revision)
      VALUES (gen_random_uuid(), 'range_overlap', 'quay', 'cause', 'It overlaps.', '2025-01-01', '2025-01-02', false, 1, 2, 2);
      INSERT INTO wharfinger.allocation_event
        (number, kind, occurred_at, host_name, port, environment, allocation_id, allocation)
      SELECT n, 'allocated', CASE WHEN n = 1 THEN timestamptz '2100-01-01' ELSE '2025-01-01' END, 'quay', 8000, 'dev',
        gen_random_uuid(), '{}'
      FROM generate_series(1, 10) AS n;
      UPDATE wharfinger.event_counter SET last_number = 10`);
    const isLeft = (hostName: string) => hasOldHistory(database, before, hostName);
    expect(await isLeft('pier')).toBe(true);
    await database.script('DELETE FROM wharfinger.conflict');
    expect(await isLeft('pier')).toBe(true);
    await prune(database);
    expect(await isLeft('pier')).toBe(false);
    expect(await isLeft('quay')).toBe(true);
    await database.script('DELETE FROM wharfinger.port_allocation');
    expect(await isLeft('quay')).toBe(false);
  });

  it('is found by an index, however much younger history there is', async () => {
    const database = await engine.open();
    await fillAllocations(database);
    await fillConflicts(database);
    await fillEvents(database);
    const plans = await plansOf(database, async (sql) => {
      await readLedger(sql, { history: { before, hostName: null } });
      await readLedger(sql, { history: { before: new Date('2025-06-01'), hostName: 'quay' } });
      await writePruning(sql, { before, allocationIds: [] });
      await hasOldHistory(sql, before, 'quay');
    });
    expect(plans).not.toMatch(/Seq Scan on (port_allocation|conflict|allocation_event)/);
    expect(plans.match(/port_allocation_released_at_id_idx/g)).toHaveLength(3);
    expect(plans.match(/conflict_resolved_at_idx/g)).toHaveLength(2);
    const { allocations } = await readLedger(database, { history: { before, hostName: null } });
    expect(allocations).toHaveLength(mostPruned);
    expect(allocations.map(({ port }) => port).sort((a, b) => a - b)).toEqual(
      Array.from({ length: mostPruned }, (_, n) => n + 2),
    );
  });
});
