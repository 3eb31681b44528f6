import { describe, expect, it } from 'vitest';
import type { Conflict, ConflictKind } from '../../src/domain/registry-model.ts';
import { exists, gone, type Look, scan } from './scan-once.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inWorktree,
  noon,
  ofCodebase,
  type Scene,
  seed,
  seen,
  smallPolicy,
  span,
  worktree,
} from './seed.ts';

const worktrees = [worktree('/bank', { device: 1 }), worktree('/shop', { device: 1 })];
const held = allocation(8000, { owner: inWorktree('/shop') });
const ofBank = seen(8000, { workingDirectory: '/bank' });
const strange = seen(8000, { workingDirectory: '/opt' });
const full = Array.from({ length: 8 }, (_, index) => allocation(8000 + index));
const alert = { utilizationAlert: 0.8 };

const kinds = (conflicts: readonly Conflict[] = []) => conflicts.map(({ kind }) => kind);

describe('a conflict that a look shows', () => {
  const cases: [ConflictKind, Scene, Look, Look, Partial<Scene>][] = [
    ['port_squatted', { worktrees, allocations: [held] }, { listeners: [ofBank] }, {}, {}],
    ['unregistered_listener', {}, { listeners: [seen(8005)] }, {}, {}],
    [
      'orphaned_worktree',
      { worktrees, allocations: [held] },
      { paths: { '/shop': gone } },
      { paths: { '/shop': exists } },
      {},
    ],
    ['range_nearly_exhausted', { allocations: full, policy: alert }, {}, {}, { allocations: full.slice(1) }],
    [
      'port_config_collision',
      { allocations: [held], codebases: [codebase('bank', { primaryPort: held.port })] },
      {},
      {},
      { codebases: [codebase('bank')] },
    ],
    [
      'range_overlap',
      {},
      { ephemeralRange: { ...span(8005, 8999), reserved: [] } },
      { ephemeralRange: { ...span(8010, 8999), reserved: [] } },
      {},
    ],
  ];

  it.each(cases)(
    '%s opens once, stays one, and resolves once its cause is gone',
    (kind, scene, look, later, without) => {
      const first = scan(scene, look);
      expect(kinds(first.outcome.opened)).toEqual([kind]);
      const second = scan({ ...first.after, now: fromNoon(1) }, look);
      expect(second.changes).toMatchObject({ conflicts: [], conflictChanges: [] });
      expect(second.after.conflicts).toEqual(first.after.conflicts);
      const third = scan({ ...second.after, ...without, now: fromNoon(2) }, later);
      expect(third.outcome).toMatchObject({
        opened: [],
        resolved: [{ kind, detectedAt: noon, resolvedAt: fromNoon(2) }],
      });
      expect(third.after.conflicts).toEqual([]);
    },
  );

  it.each(cases)(
    '%s that was dismissed does not come back before its cause was gone',
    (_kind, scene, look, later, without) => {
      const opened = scan(scene, look).after;
      const { ledger } = seed(opened);
      for (const conflict of opened.conflicts ?? []) ledger.conflicts.dismiss(conflict);
      const dismissed: Scene = { ...opened, conflicts: ledger.changes().conflicts };
      expect(scan(dismissed, look).changes).toMatchObject({ conflicts: [], conflictChanges: [] });
      const over = scan({ ...dismissed, ...without }, later);
      expect(over.outcome).toMatchObject({ opened: [], resolved: [] });
      expect(over.after.conflicts).toEqual([]);
      const again = scan({ ...over.after, ...scene, conflicts: over.after.conflicts ?? [] }, look);
      expect(again.outcome.opened).toHaveLength(1);
    },
  );
});

describe('a squatted port', () => {
  it('is none where its owner listens beside somebody else', () => {
    const look = { listeners: [ofBank, seen(8000, { workingDirectory: '/shop/app' })] };
    expect(scan({ worktrees, allocations: [held] }, look).outcome.opened).toEqual([]);
  });

  it('is none where it cannot be told who listens', () => {
    for (const listener of [strange, seen(8000, null)]) {
      expect(scan({ worktrees, allocations: [held] }, { listeners: [listener] }).outcome.opened).toEqual([]);
    }
  });

  it('is a conflict about its holder, its listener and the environment', () => {
    const { outcome } = scan({ worktrees, allocations: [held] }, { listeners: [ofBank] });
    expect(outcome.opened).toMatchObject([
      {
        port: 8000,
        environment: 'dev',
        allocationId: held.id,
        worktreeId: 'worktree at /shop',
        listener: { processId: 4711, worktreeId: 'worktree at /bank' },
      },
    ]);
  });
});

describe('a listener without an allocation', () => {
  it.each<[string, Scene, number]>([
    ['on a held port', { allocations: [allocation(8005, { owner: ofCodebase('shop') })] }, 8005],
    ['on a reserved port', { policy: { reserved: new Set([8005]) } }, 8005],
    ['outside of every range', {}, 5432],
    ['just below a range', {}, 7999],
    ['just above a range', {}, 8010],
  ])('is none %s', (_what, scene, port) => {
    expect(scan(scene, { listeners: [seen(port)] }).outcome.opened).toEqual([]);
  });

  it.each([7000, 7009, 8000, 8009, 9000, 9009])('is one on %i, inside a range', (port) => {
    expect(scan({}, { listeners: [seen(port, null)] }).outcome.opened).toMatchObject([
      { kind: 'unregistered_listener', port },
    ]);
  });

  it('is one for each port, whoever else listens there, and names the worktree that it runs in', () => {
    const listeners = [seen(8005, { id: 1, workingDirectory: '/shop/app' }), seen(8005, { id: 2 }), seen(8006, null)];
    const { outcome } = scan({ worktrees }, { listeners });
    expect(outcome.opened).toMatchObject([
      { port: 8005, worktreeId: 'worktree at /shop', listener: { processId: 1 } },
      { port: 8006, worktreeId: null, listener: { processId: null } },
    ]);
  });

  it('opens anew for another program where the first one was dismissed', () => {
    const opened = scan({}, { listeners: [seen(8005, { name: 'node' })] }).after;
    const [conflict] = opened.conflicts ?? [];
    const dismissed = conflict && { ...conflict, resolvedAt: noon, dismissed: true };
    const scene = { ...opened, conflicts: dismissed ? [dismissed] : [] };
    expect(scan(scene, { listeners: [seen(8005, { id: 5, name: 'node' })] }).outcome.opened).toEqual([]);
    expect(scan(scene, { listeners: [seen(8005, { name: 'python3' })] }).outcome).toMatchObject({
      opened: [{ listener: { processName: 'python3' } }],
      resolved: [],
    });
  });
});

describe('a worktree that is gone', () => {
  it.each<[string, Scene]>([
    ['holds nothing', { worktrees }],
    ['held something', { worktrees, allocations: [{ ...held, status: 'released', releasedAt: fromNoon(-1) }] }],
    ['was never seen', { worktrees: [worktree('/shop')], allocations: [held] }],
  ])('is no conflict where it %s', (_what, scene) => {
    expect(scan(scene, { paths: { '/shop': gone } }).outcome.opened).toEqual([]);
  });

  it('is over when its file system cannot be seen any more', () => {
    const opened = scan({ worktrees, allocations: [held] }, { paths: { '/shop': gone } }).after;
    const { outcome } = scan(opened, { paths: { '/shop': { exists: false, device: null } } });
    expect(kinds(outcome.resolved)).toEqual(['orphaned_worktree']);
  });
});

describe('a range that is nearly exhausted', () => {
  const scene = { policy: alert, allocations: full };
  const more = [...full, allocation(8008)];

  it('is brought up to date by a look, without being told again', () => {
    const { after } = scan(scene, {});
    const { changes } = scan({ ...after, allocations: more, now: fromNoon(1) }, {});
    expect(changes.conflictChanges).toEqual([]);
    expect(changes.conflicts).toMatchObject([{ detectedAt: noon, resolvedAt: null }]);
    expect(changes.conflicts[0]?.message).toContain('9 of the 10 ports');
  });

  it('stays dismissed however many more are held', () => {
    const conflicts = (scan(scene, {}).after.conflicts ?? []).map((each) => ({
      ...each,
      resolvedAt: noon,
      dismissed: true,
    }));
    expect(conflicts).toHaveLength(1);
    const { changes } = scan({ policy: alert, conflicts, allocations: more }, {});
    expect(changes).toMatchObject({ conflicts: [], conflictChanges: [] });
  });
});

it('tells conflicts of the observed host only', () => {
  const elsewhere = allocation(8000, { id: 'elsewhere', hostName: 'pier' });
  const { outcome } = scan(
    { policy: { ...smallPolicy, utilizationAlert: 0.5 }, allocations: [elsewhere] },
    { listeners: [seen(8000, { workingDirectory: '/bank' })] },
  );
  expect(kinds(outcome.opened)).toEqual(['unregistered_listener']);
});
