import { describe, expect, it } from 'vitest';
import { engines, shareDatabase } from '../support/databases.ts';
import { id, insertRaw, type RawRow, type RawTable, refusedBy } from '../support/raw-rows.ts';

/** A second row: its table, how it differs from the first, and the constraint that refuses it, if any. */
type Second = readonly [what: string, table: RawTable, row: RawRow, refusedBy: string | undefined];

const nobodys = { id: id(3), port: 8_001, owner: 'nobody', codebase_id: null, worktree_id: null };
const another = { id: id(5), cause: 'port_squatted:8001', opened_number: 3 };
const resolved = { resolved_at: 'now', resolved_number: 4 };
const released = { status: 'released', released_at: 'now' };

const seconds: readonly Second[] = [
  ['host of that name', 'host', {}, 'host_pkey'],
  ['codebase of that id', 'codebase', { repository_url: null }, 'codebase_pkey'],
  ['codebase of that URL', 'codebase', { id: 'bank' }, 'codebase_repository_url_key'],
  ['codebase of that name, without a URL', 'codebase', { id: 'bank', repository_url: null }, undefined],
  ['worktree of that id', 'worktree', { path: '/wt/b' }, 'worktree_pkey'],
  ['worktree at that path', 'worktree', { id: id(3) }, 'worktree_host_name_path_key'],
  ['worktree at that path, removed', 'worktree', { id: id(3), removed_at: 'now' }, 'worktree_host_name_path_key'],
  ['worktree on an unknown host', 'worktree', { id: id(3), host_name: 'x' }, 'worktree_host_name_fkey'],
  [
    'worktree of an unknown codebase',
    'worktree',
    { id: id(3), path: '/b', codebase_id: 'x' },
    'worktree_codebase_id_fkey',
  ],
  ['allocation of that id', 'port_allocation', { ...nobodys, id: id(2) }, 'port_allocation_pkey'],
  ['live allocation of that port', 'port_allocation', { ...nobodys, port: 8_000 }, 'port_allocation_live_port_key'],
  [
    'active allocation of that port',
    'port_allocation',
    { ...nobodys, port: 8_000, status: 'active' },
    'port_allocation_live_port_key',
  ],
  ['released allocation of that port', 'port_allocation', { ...nobodys, port: 8_000, ...released }, undefined],
  [
    'allocation on an unknown host',
    'port_allocation',
    { ...nobodys, host_name: 'x' },
    'port_allocation_host_name_fkey',
  ],
  [
    'allocation of an unknown codebase',
    'port_allocation',
    { ...nobodys, codebase_id: 'x', owner: 'codebase:x' },
    'port_allocation_codebase_id_fkey',
  ],
  [
    'allocation of an unknown worktree',
    'port_allocation',
    { ...nobodys, worktree_id: id(9), owner: 'worktree:/x' },
    'port_allocation_worktree_id_fkey',
  ],
  ['event of that number', 'allocation_event', {}, 'allocation_event_pkey'],
  ['conflict of that id', 'conflict', { ...another, id: id(4) }, 'conflict_pkey'],
  ['conflict that opened at that number', 'conflict', { ...another, opened_number: 2 }, 'conflict_opened_number_key'],
  ['open conflict with that cause', 'conflict', { id: id(5), opened_number: 3 }, 'conflict_cause_key'],
  [
    'dismissed conflict with that cause',
    'conflict',
    { id: id(5), opened_number: 3, ...resolved, dismissed: true },
    'conflict_cause_key',
  ],
  ['resolved conflict with that cause', 'conflict', { id: id(5), opened_number: 3, ...resolved }, undefined],
  ['conflict on an unknown host', 'conflict', { ...another, host_name: 'x' }, 'conflict_host_name_fkey'],
  [
    'conflict about an unknown allocation',
    'conflict',
    { ...another, allocation_id: id(9) },
    'conflict_allocation_id_fkey',
  ],
  ['conflict about an unknown worktree', 'conflict', { ...another, worktree_id: id(9) }, 'conflict_worktree_id_fkey'],
  ['listener of that process on that port', 'listener', {}, 'listener_pkey'],
  ['listener of another process on that port', 'listener', { process_id: 4_712 }, undefined],
  ['listener of that process on another port', 'listener', { port: 8_001 }, undefined],
];

const statements: readonly (readonly [what: string, statement: string, refusedBy: string])[] = [
  ['deleting a host with worktrees', 'DELETE FROM wharfinger.host', 'worktree_host_name_fkey'],
  ['renaming a host with worktrees', `UPDATE wharfinger.host SET name = 'x'`, 'worktree_host_name_fkey'],
  ['deleting a codebase with worktrees', 'DELETE FROM wharfinger.codebase', 'worktree_codebase_id_fkey'],
  ['deleting a worktree with allocations', 'DELETE FROM wharfinger.worktree', 'port_allocation_worktree_id_fkey'],
  ['a second event counter', 'INSERT INTO wharfinger.event_counter VALUES (2, 0)', 'event_counter_single_row_check'],
  ['the event counter again', 'INSERT INTO wharfinger.event_counter VALUES (1, 0)', 'event_counter_pkey'],
];

const required: readonly (readonly [RawTable, readonly string[]])[] = [
  ['host', ['name']],
  ['codebase', ['id', 'name', 'service_ports', 'created_at', 'revision']],
  ['worktree', ['id', 'host_name', 'path', 'registered_at', 'misses', 'revision']],
  [
    'port_allocation',
    [
      'id',
      'host_name',
      'port',
      'service_name',
      'environment',
      'status',
      'owner',
      'public_hostnames',
      'allocated_at',
      'liveness',
      'misses',
    ],
  ],
  [
    'allocation_event',
    ['number', 'kind', 'occurred_at', 'host_name', 'port', 'environment', 'allocation_id', 'allocation'],
  ],
  [
    'conflict',
    ['id', 'kind', 'host_name', 'cause', 'message', 'detected_at', 'dismissed', 'opened_number', 'revision'],
  ],
  ['listener', ['host_name', 'port', 'process_id', 'addresses']],
];
const columns = required.flatMap(([table, names]) => names.map((column) => ({ table, column })));

describe.each(engines)('$name', (engine) => {
  const database = shareDatabase(engine);

  it.each(seconds)('meets a second %s', async (_what, table, row, constraint) => {
    expect(await refusedBy(database(), (sql) => insertRaw(sql, table, row))).toBe(constraint);
  });

  it.each(statements)('refuses %s', async (_what, statement, constraint) => {
    expect(await refusedBy(database(), (sql) => sql.script(statement))).toBe(constraint);
  });

  it.each(columns)('refuses a row of $table without $column', async ({ table, column }) => {
    expect(await refusedBy(database(), (sql) => insertRaw(sql, table, { [column]: null }))).toBe(column);
  });

  it('lets two conflicts not resolve at the same number', async () => {
    const attack = refusedBy(database(), async (sql) => {
      await insertRaw(sql, 'conflict', { ...another, ...resolved });
      await insertRaw(sql, 'conflict', { ...another, id: id(6), opened_number: 5, ...resolved });
    });
    expect(await attack).toBe('conflict_resolved_number_key');
  });

  it('keeps a conflict whose allocation is deleted, without it', async () => {
    const attack = refusedBy(database(), async (sql) => {
      await sql.script('DELETE FROM wharfinger.port_allocation');
      expect(await sql.query('SELECT allocation_id FROM wharfinger.conflict')).toEqual([{ allocation_id: null }]);
    });
    expect(await attack).toBeUndefined();
  });

  it('lets two hosts hold the same port', async () => {
    const attack = refusedBy(database(), async (sql) => {
      await insertRaw(sql, 'host', { name: 'pier' });
      await insertRaw(sql, 'port_allocation', { ...nobodys, port: 8_000, host_name: 'pier' });
    });
    expect(await attack).toBeUndefined();
  });
});
