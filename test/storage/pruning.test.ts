import { describe, expect, it } from 'vitest';
import type { Database, Sql } from '../../src/storage/database.ts';
import { readLogSpan } from '../../src/storage/event-log.ts';
import { mostPruned, readLedger } from '../../src/storage/ledger-reads.ts';
import { mostConflictsPruned, mostEventsPruned, writePruning } from '../../src/storage/ledger-writes.ts';
import { engines } from '../support/databases.ts';
import { plansOf } from '../support/query-plans.ts';

const before = new Date('2026-06-01T00:00:00.000Z');
const oldConflicts = 1_500;
const oldEvents = 12_000;

/**
 * Old history of many allocations, events and resolved conflicts on one host, and as much on another that is
 * younger. Among the events the last but 100 of the old ones is young, as where two machines' clocks differ.
 */
async function fill(database: Database): Promise<void> {
  const time = (n: string, old: number) =>
    `CASE WHEN ${n} <= ${old} THEN timestamptz '2026-01-01' ELSE timestamptz '2026-07-01' END + ${n} * interval '1 second'`;
  await database.script(`
    INSERT INTO wharfinger.host (name) VALUES ('quay'), ('pier');
    INSERT INTO wharfinger.port_allocation
      (id, host_name, port, service_name, environment, status, owner, public_hostnames, allocated_at, released_at)
    SELECT gen_random_uuid(), CASE WHEN n <= 5000 THEN 'quay' ELSE 'pier' END, 1 + n, 'web', 'dev', 'released', 'nobody',
      '{}', timestamptz '2025-01-01', ${time('n', 5_000)}
    FROM generate_series(1, 20000) AS n;
    INSERT INTO wharfinger.conflict
      (id, kind, host_name, cause, message, detected_at, resolved_at, dismissed, opened_number, resolved_number, revision)
    SELECT gen_random_uuid(), 'range_overlap', 'quay', 'cause ' || n, 'It overlaps.', '2025-01-01', ${time('n', oldConflicts)},
      n = 1, 2 * n - 1, 2 * n, 2 * n
    FROM generate_series(1, 5000) AS n;
    INSERT INTO wharfinger.allocation_event
      (number, kind, occurred_at, host_name, port, environment, allocation_id, allocation)
    SELECT n, 'allocated', CASE WHEN n = ${oldEvents - 100} THEN timestamptz '2026-07-01' ELSE ${time('n', oldEvents)} END,
      'quay', 8000, 'dev', gen_random_uuid(), '{}'
    FROM generate_series(1, 20000) AS n;
    UPDATE wharfinger.event_counter SET last_number = 20000;
    ANALYZE wharfinger.port_allocation, wharfinger.conflict, wharfinger.allocation_event;`);
}

async function countsIn(sql: Sql) {
  const count = async (table: string) => {
    const [row] = await sql.query<{ count: number }>(`SELECT count(*)::integer AS count FROM wharfinger.${table}`);
    return row?.count;
  };
  return { conflicts: await count('conflict'), events: await count('allocation_event') };
}

describe.each(engines)('old history on $name', (engine) => {
  it('is deleted a part at a time, the oldest first, and the log says up to where', async () => {
    const database = await engine.open();
    await fill(database);
    const prune = async () => {
      await database.transaction((sql) => writePruning(sql, { before, allocationIds: [] }));
      return { ...(await countsIn(database)), through: (await readLogSpan(database)).prunedThrough };
    };
    expect(await prune()).toEqual({
      conflicts: 5_000 - mostConflictsPruned,
      events: 20_000 - mostEventsPruned,
      through: mostEventsPruned,
    });
    // The dismissed one stays, and so do all events after the first young one.
    const rest = { conflicts: 3_501, events: 8_101, through: oldEvents - 101 };
    expect(await prune()).toEqual(rest);
    expect(await prune()).toEqual(rest);
    const [oldest] = await database.query('SELECT min(number)::integer AS number FROM wharfinger.allocation_event');
    expect(oldest).toEqual({ number: oldEvents - 100 });
  });

  it('is found by an index, however much younger history there is', async () => {
    const database = await engine.open();
    await fill(database);
    const plans = await plansOf(database, async (sql) => {
      await readLedger(sql, { history: { before, hostName: null } });
      await readLedger(sql, { history: { before: new Date('2025-06-01'), hostName: 'quay' } });
      await writePruning(sql, { before, allocationIds: [] });
    });
    expect(plans).not.toMatch(/Seq Scan on (port_allocation|conflict|allocation_event)/);
    expect(plans.match(/port_allocation_released_at_id_idx/g)).toHaveLength(2);
    expect(plans).toContain('conflict_resolved_at_idx');
    const { allocations } = await readLedger(database, { history: { before, hostName: null } });
    expect(allocations).toHaveLength(mostPruned);
    expect(allocations.map(({ port }) => port).sort((a, b) => a - b)).toEqual(
      Array.from({ length: mostPruned }, (_, n) => n + 2),
    );
  });
});
