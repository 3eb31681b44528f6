import { describe, expect, it } from 'vitest';
import type { Allocation } from '../../src/domain/registry-model.ts';
import { exists, gone, type Look, scan } from './scan-once.ts';
import { allocation, codebase, fromNoon, inWorktree, ofCodebase, quay, type Scene, seen, worktree } from './seed.ts';

const day = 86_400_000;

const ids = (rows: readonly { readonly port: number | null; readonly kind?: string }[]) =>
  rows.map(({ kind, port }) => (kind === undefined ? port : [kind, port]));

describe('a look at a host', () => {
  const scene: Scene = {
    now: fromNoon(1_000),
    worktrees: [
      worktree('/bank', { device: 1 }),
      worktree('/gone', { device: 1 }),
      worktree('/inn', { device: 1 }),
      worktree('/shop', { device: 1 }),
    ],
    allocations: [
      allocation(8000, { owner: inWorktree('/shop'), liveness: 'idle' }),
      allocation(8001, { owner: inWorktree('/bank'), status: 'active', liveness: 'live', lastActiveAt: fromNoon(0) }),
      allocation(8002, { owner: inWorktree('/inn'), status: 'active', liveness: 'live', processId: 3 }),
      allocation(8003, { owner: inWorktree('/gone'), liveness: 'idle' }),
      allocation(8004, { owner: ofCodebase('mall'), liveness: 'idle' }),
    ],
    codebases: [codebase('mall'), codebase('fair', { servicePorts: { web: allocation(8004).port } })],
    scannedAt: fromNoon(500),
  };
  const look: Look = {
    listeners: [
      seen(8000, { id: 1, workingDirectory: '/shop/app' }),
      seen(8001, { id: 2, workingDirectory: '/shop' }),
      seen(8007, { id: 4, name: 'python3', workingDirectory: '/inn' }),
      seen(22, null),
    ],
    paths: { '/bank': exists, '/gone': gone, '/inn': exists, '/shop': exists },
  };

  it('comes to everything that it shows', () => {
    const { outcome, changes } = scan(scene, look);
    expect(ids(outcome.activated)).toEqual([8000]);
    expect(ids(outcome.deactivated)).toEqual([8001, 8002]);
    expect(ids(outcome.opened)).toEqual([
      ['port_squatted', 8001],
      ['unregistered_listener', 8007],
      ['orphaned_worktree', null],
      ['port_config_collision', 8004],
    ]);
    expect(outcome.resolved).toEqual([]);
    expect(outcome.listeners.map(({ port, worktreeId }) => [port, worktreeId])).toEqual([
      [8000, 'worktree at /shop'],
      [8001, 'worktree at /shop'],
      [8007, 'worktree at /inn'],
      [22, null],
    ]);
    expect(changes.events.map(({ kind, allocation: { port }, cause }) => [kind, port, cause])).toEqual([
      ['activated', 8000, 'seen listening: node (process 1) of worktree /shop'],
      ['deactivated', 8001, 'no longer listening: node (process 2) of worktree /shop is on its port'],
      ['deactivated', 8002, 'no longer listening'],
    ]);
    expect(changes.worktrees).toMatchObject([{ path: '/gone', misses: 1, missingSince: fromNoon(1_000) }]);
    expect(changes.observations).toEqual([
      {
        hostName: quay,
        seenAt: fromNoon(1_000),
        observedTime: fromNoon(1_000),
        historyTime: fromNoon(1_000),
        listeners: outcome.listeners,
      },
    ]);
    expect(changes.conflictChanges.map(({ state }) => state)).toEqual(['open', 'open', 'open', 'open']);
    expect(outcome.ripe).toEqual(new Set());
  });

  it('changes nothing the next time, but for what is still missing', () => {
    const first = scan(scene, look).after;
    const second = scan({ ...first, now: fromNoon(2_000) }, look);
    expect(second.outcome).toMatchObject({ activated: [], deactivated: [], opened: [], resolved: [] });
    expect(second.changes).toMatchObject({ allocations: [], conflicts: [], events: [] });
    expect(second.changes.worktrees).toMatchObject([{ path: '/gone', misses: 2, missingSince: fromNoon(1_000) }]);
  });

  it('resolves what is over', () => {
    const after = scan(scene, look).after;
    const { outcome, after: later } = scan(after, { paths: { '/gone': exists } });
    expect(ids(outcome.resolved)).toEqual([
      ['port_squatted', 8001],
      ['unregistered_listener', 8007],
      ['orphaned_worktree', null],
    ]);
    expect(ids(outcome.deactivated)).toEqual([8000]);
    expect(later.conflicts).toMatchObject([{ kind: 'port_config_collision' }]);
  });

  it('moves no port from one owner to another, whatever is seen', () => {
    const { changes } = scan(scene, look);
    const claims = (rows: readonly Allocation[]) =>
      rows.map(({ id, port, owner, releasedAt }) => [id, port, owner, releasedAt]);
    for (const claim of claims(changes.allocations)) expect(claims(scene.allocations ?? [])).toContainEqual(claim);
  });
});

describe('a cleanup may take', () => {
  const orphan = worktree('/gone', { device: 1, misses: 2, missingSince: fromNoon(0) });
  const ripe = { ...orphan, misses: 3 };
  const old = allocation(8000, { liveness: 'idle', misses: 2, idleSince: fromNoon(-8 * day) });
  const ofOrphan = allocation(8001, { owner: inWorktree('/gone'), liveness: 'idle' });
  const other = worktree('/back', { device: 1, misses: 3, missingSince: fromNoon(0) });
  it.each<[string, Scene, Look, readonly string[]]>([
    ['a worktree once it was missed often enough', { worktrees: [orphan] }, { paths: { '/gone': gone } }, [orphan.id]],
    ['a worktree for as long as it is missed', { worktrees: [ripe] }, { paths: { '/gone': gone } }, [orphan.id]],
    ['none that came back', { worktrees: [ripe] }, { paths: { '/gone': exists } }, []],
    ['an allocation once it was missed often enough', { allocations: [old] }, {}, [old.id]],
    ['none that was missed less often', { allocations: [{ ...old, misses: 1 }] }, {}, []],
    [
      'one though another came back in the same look',
      { worktrees: [orphan, other] },
      { paths: { '/gone': gone, '/back': exists } },
      [orphan.id],
    ],
    [
      'what an orphan holds once the server that kept it ends',
      { worktrees: [ripe], allocations: [{ ...ofOrphan, status: 'active', liveness: 'live' }] },
      { paths: { '/gone': gone } },
      [orphan.id, ofOrphan.id],
    ],
    [
      'not what an orphan holds where it cannot be told who listens',
      { worktrees: [ripe], allocations: [ofOrphan] },
      { paths: { '/gone': gone }, listeners: [seen(8001, null)] },
      [orphan.id],
    ],
    [
      'the worktree alone while it goes on',
      { worktrees: [ripe], allocations: [{ ...ofOrphan, status: 'active', liveness: 'live' }] },
      { paths: { '/gone': gone }, listeners: [seen(8001, { workingDirectory: '/gone' })] },
      [orphan.id],
    ],
  ])('%s', (_what, scene, look, expected) => {
    expect([...scan(scene, look).outcome.ripe]).toEqual(expected);
  });
});
