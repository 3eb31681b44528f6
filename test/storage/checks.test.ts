import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { conflictKinds } from '../../src/domain/registry-model.ts';
import { engines, shareDatabase } from '../support/databases.ts';
import { id, insertRaw, type RawRow, type RawTable, refusedBy } from '../support/raw-rows.ts';

interface Check {
  readonly table: RawTable;
  readonly constraint: string;
  /** Rows that differ from the valid one in nothing else that matters. */
  readonly refused: readonly RawRow[];
  readonly accepted: readonly RawRow[];
}

const long = (length: number) => 'x'.repeat(length);
const otherCodebase = { id: 'bank', repository_url: null };
const otherWorktree = { id: id(3), path: '/wt/b' };
const nobodys = { id: id(3), port: 8_001, owner: 'nobody', codebase_id: null, worktree_id: null };

const resolved = { resolved_at: 'now', resolved_number: 4 };
const another = { id: id(5), cause: 'port_squatted:8001', opened_number: 3 };
const otherListener = { process_id: 4_712 };

const rows = (column: string, values: readonly unknown[], rest: RawRow = {}): RawRow[] =>
  values.map((value) => ({ ...rest, [column]: value }));

const entitled = (row: RawRow) => [inspect(row, { breakLength: Infinity, maxStringLength: 20 }), row] as const;

const checks: readonly Check[] = [
  {
    table: 'host',
    constraint: 'host_name_check',
    refused: rows('name', ['', long(254)]),
    accepted: rows('name', ['a', long(253), 'ü'.repeat(253)]),
  },
  {
    table: 'codebase',
    constraint: 'codebase_name_check',
    refused: rows('name', ['', long(256)], otherCodebase),
    accepted: rows('name', ['a', long(255)], otherCodebase),
  },
  {
    table: 'codebase',
    constraint: 'codebase_primary_port_check',
    refused: rows('primary_port', [0, -1, 65_536], otherCodebase),
    accepted: rows('primary_port', [1, 65_535, null], otherCodebase),
  },
  {
    table: 'codebase',
    constraint: 'codebase_service_ports_check',
    refused: rows(
      'service_ports',
      [
        [8_000],
        'web',
        8_000,
        { web: 0 },
        { web: 65_536 },
        { web: 8_000.5 },
        { web: '8000' },
        { web: null },
        { web: [8_000] },
        { web: { port: 8_000 } },
        { api: 8_000, web: true },
      ],
      otherCodebase,
    ),
    accepted: rows('service_ports', [{}, { web: 1, api: 65_535 }], otherCodebase),
  },
  {
    table: 'worktree',
    constraint: 'worktree_path_check',
    refused: rows('path', ['', long(1_025), 'ö'.repeat(513)], otherWorktree),
    accepted: rows('path', ['/', long(1_024), 'ö'.repeat(512)], otherWorktree),
  },
  {
    table: 'worktree',
    constraint: 'worktree_misses_check',
    refused: rows('misses', [-1], otherWorktree),
    accepted: rows('misses', [0, 1], otherWorktree),
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_port_check',
    refused: rows('port', [0, -8_000, 65_536], nobodys),
    accepted: rows('port', [1, 65_535], nobodys),
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_service_name_check',
    refused: rows('service_name', ['', long(256)], nobodys),
    accepted: rows('service_name', ['a', long(255)], nobodys),
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_environment_check',
    refused: rows('environment', ['staging', 'DEV', ''], nobodys),
    accepted: rows('environment', ['dev', 'test', 'production'], nobodys),
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_status_check',
    refused: rows('status', ['stale', 'ALLOCATED', ''], nobodys),
    accepted: rows('status', ['allocated', 'active'], nobodys),
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_released_check',
    refused: [
      { ...nobodys, status: 'released' },
      { ...nobodys, released_at: 'now' },
      { ...nobodys, status: 'active', released_at: 'now' },
    ],
    accepted: [{ ...nobodys, status: 'released', released_at: 'now' }],
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_owner_check',
    refused: [
      { ...nobodys, worktree_id: id(1) },
      { ...nobodys, worktree_id: id(1), codebase_id: 'shop', owner: 'codebase:shop' },
      { ...nobodys, codebase_id: 'shop' },
      { ...nobodys, codebase_id: 'shop', owner: 'codebase:bank' },
      { ...nobodys, conversation_id: 'c1' },
      { ...nobodys, conversation_id: 'c1', owner: 'conversation:c2' },
      { ...nobodys, owner: 'conversation:c1' },
    ],
    accepted: [
      { ...nobodys, codebase_id: 'shop', owner: 'codebase:shop' },
      { ...nobodys, conversation_id: 'c1', owner: 'conversation:c1' },
      { ...nobodys, worktree_id: id(1), codebase_id: 'shop', conversation_id: 'c1', owner: 'worktree:/wt/a' },
    ],
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_liveness_check',
    refused: rows('liveness', ['dead', 'LIVE', ''], nobodys),
    accepted: rows('liveness', ['live', 'idle', 'squatted', 'unknown'], nobodys),
  },
  {
    table: 'port_allocation',
    constraint: 'port_allocation_misses_check',
    refused: rows('misses', [-1], nobodys),
    accepted: rows('misses', [0, 1], nobodys),
  },
  {
    table: 'allocation_event',
    constraint: 'allocation_event_number_check',
    refused: rows('number', [0, -1]),
    accepted: rows('number', [2, Number.MAX_SAFE_INTEGER]),
  },
  {
    table: 'allocation_event',
    constraint: 'allocation_event_port_check',
    refused: rows('port', [0, 65_536], { number: 2 }),
    accepted: rows('port', [1, 65_535], { number: 2 }),
  },
  {
    table: 'allocation_event',
    constraint: 'allocation_event_kind_check',
    refused: rows('kind', ['stolen', 'RELEASED', ''], { number: 2 }),
    accepted: rows('kind', ['registered', 'activated', 'deactivated', 'transferred', 'released'], { number: 2 }),
  },
  {
    table: 'conflict',
    constraint: 'conflict_kind_check',
    refused: rows('kind', ['theft', 'PORT_SQUATTED', ''], another),
    accepted: rows('kind', conflictKinds, another),
  },
  {
    table: 'conflict',
    constraint: 'conflict_port_check',
    refused: rows('port', [0, -1, 65_536], another),
    accepted: rows('port', [1, 65_535, null], another),
  },
  {
    table: 'conflict',
    constraint: 'conflict_environment_check',
    refused: rows('environment', ['staging', 'DEV', ''], another),
    accepted: rows('environment', ['dev', 'test', 'production', null], another),
  },
  {
    table: 'conflict',
    constraint: 'conflict_resolved_check',
    refused: [
      { ...another, resolved_at: 'now' },
      { ...another, resolved_number: 4 },
      { ...another, dismissed: true },
    ],
    accepted: [
      { ...another, ...resolved },
      { ...another, ...resolved, dismissed: true },
    ],
  },
  {
    table: 'listener',
    constraint: 'listener_port_check',
    refused: rows('port', [0, -1, 65_536], otherListener),
    accepted: rows('port', [1, 65_535], otherListener),
  },
];

/** Set on the event counter, whose last number is 7. */
const prunedThrough = { constraint: 'event_counter_pruned_through_check', refused: [-1, 8], accepted: [0, 7] };

describe.each(engines)('on $name', (engine) => {
  const database = shareDatabase(engine);

  describe.each(checks)('$constraint', ({ table, constraint, refused, accepted }) => {
    it.each(refused.map(entitled))('refuses %s', async (_title, row) => {
      expect(await refusedBy(database(), (sql) => insertRaw(sql, table, row))).toBe(constraint);
    });

    it.each(accepted.map(entitled))('accepts %s', async (_title, row) => {
      expect(await refusedBy(database(), (sql) => insertRaw(sql, table, row))).toBeUndefined();
    });
  });

  describe(prunedThrough.constraint, () => {
    const set = (value: number) =>
      refusedBy(database(), (sql) =>
        sql.query('UPDATE wharfinger.event_counter SET last_number = 7, pruned_through = $1', [value]),
      );

    it.each(prunedThrough.refused)('refuses %s', async (value) => {
      expect(await set(value)).toBe(prunedThrough.constraint);
    });

    it.each(prunedThrough.accepted)('accepts %s', async (value) => {
      expect(await set(value)).toBeUndefined();
    });
  });

  it('has no check that is not attacked here', async () => {
    const found = await database().query<{ conname: string }>(
      `SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'wharfinger'::regnamespace`,
    );
    const attacked = [...checks, prunedThrough].map(({ constraint }) => constraint);
    attacked.push('event_counter_single_row_check'); // in keys.test.ts
    expect(found.map(({ conname }) => conname).sort()).toEqual(attacked.sort());
  });
});
