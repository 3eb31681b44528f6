import { describe, expect, it } from 'vitest';
import { decideCleanup } from '../../src/domain/cleanup.ts';
import type { Allocation } from '../../src/domain/registry-model.ts';
import type { PathSight } from '../../src/domain/worktree-paths.ts';
import {
  type Case,
  elsewhere,
  exists,
  gone,
  inactive,
  ofOrphan,
  orphan,
  orphaned,
  request,
  stale,
} from './cleanup-scenes.ts';
import { allocation, fromNoon, noon, outcomeOf, quay, type Scene, seed, worktree } from './seed.ts';

const day = 86_400_000;

describe('a cleanup releases', () => {
  it.each<Case>([
    [
      'what a worktree holds that is gone',
      orphaned({}),
      { '/shop': gone },
      'ORPHANED_WORKTREE',
      'Its worktree /shop is gone from disk since 2026-03-01T11:59:00.000Z.',
    ],
    [
      'that, though it was used lately',
      orphaned({ lastActiveAt: fromNoon(-1) }),
      { '/shop': gone },
      'ORPHANED_WORKTREE',
      /gone/,
    ],
    ['what was not used for long', stale({}), {}, 'INACTIVE', 'It was not seen active since 2026-02-21T12:00:00.000Z.'],
    [
      'that, in a worktree that exists',
      { ...orphaned({ ...inactive, port: ofOrphan.port, worktreeId: orphan.id }) },
      { '/shop': exists },
      'INACTIVE',
      /not seen active/,
    ],
    ['that, for tests', stale({ environment: 'test' }), {}, 'INACTIVE', /not seen active/],
    ['that, on more misses than are asked for', stale({ misses: 9 }), {}, 'INACTIVE', /not seen active/],
  ])('%s', (_what, scene, paths, reason, says) => {
    const { ledger, ...rest } = seed(scene);
    const report = outcomeOf(decideCleanup(request(paths), { ledger, ...rest }));
    expect(report).toMatchObject({
      kept: [],
      released: [{ reason, allocation: { status: 'released', releasedAt: noon } }],
    });
    const [item] = report.released;
    expect(item?.explanation).toMatch(says);
    expect(ledger.changes().events).toMatchObject([{ kind: 'released', cause: `cleanup: ${item?.explanation}` }]);
  });
});

describe('a cleanup', () => {
  it('has exactly the ports probed that it would release, before it changes anything', () => {
    const allocations = [
      inactive,
      { ...inactive, id: 'young', port: allocation(8001).port, misses: 2 },
      { ...inactive, id: 'other', port: allocation(8002).port },
    ];
    const surroundings = seed({ allocations, unprobed: [8000, 8001, 8002] });
    expect(decideCleanup(request(), surroundings)).toEqual({ unprobed: [8000, 8002] });
    expect(surroundings.ledger.changes()).toMatchObject({ allocations: [], worktrees: [], events: [], prunings: [] });
  });

  it('removes a worktree that is gone, once it holds nothing', () => {
    const free = worktree('/inn', { device: 1, misses: 3, missingSince: fromNoon(-1) });
    const young = worktree('/bank', { device: 1, misses: 2, missingSince: fromNoon(-1) });
    const { ledger, ...rest } = seed({ allocations: [ofOrphan], worktrees: [orphan, free, young] });
    const paths = { '/shop': gone, '/inn': gone, '/bank': gone };
    outcomeOf(decideCleanup(request(paths), { ledger, ...rest }));
    expect(ledger.changes().worktrees).toEqual([
      { ...free, removedAt: noon },
      { ...orphan, removedAt: noon },
    ]);
  });

  it.each<[string, Scene, PathSight]>([
    ['still holds production', orphaned({ environment: 'production' }), gone],
    ['still holds what something listens on', orphaned({}, {}, { listening: [8000] }), gone],
    ['still holds what is public', orphaned({ publicHostnames: ['shop.example'] }), gone],
    ['came back', { worktrees: [orphan] }, exists],
    ['cannot be seen', { worktrees: [orphan] }, elsewhere],
    ['was missed too few times', { worktrees: [{ ...orphan, misses: 2 }] }, gone],
  ])('does not remove a worktree that %s', (_what, scene, sight) => {
    const { ledger, ...rest } = seed(scene);
    outcomeOf(decideCleanup(request({ '/shop': sight }), { ledger, ...rest }));
    expect(ledger.changes().worktrees).toEqual([]);
  });

  it('of another host only removes no worktree of this one, and releases nothing', () => {
    const { ledger, ...rest } = seed({ ...orphaned({}), scannedAt: noon });
    const report = outcomeOf(decideCleanup(request({ '/shop': gone }, { hostNames: ['pier'] }), { ledger, ...rest }));
    expect(report).toMatchObject({ released: [], kept: [] });
    expect(ledger.changes()).toMatchObject({ allocations: [], worktrees: [] });
  });
});

describe('old history', () => {
  const old = (id: string, days: number, facts: Partial<Allocation> = {}) =>
    ({ ...allocation(8000), id, status: 'released', releasedAt: fromNoon(-days * day), ...facts }) satisfies Allocation;
  const before = fromNoon(-90 * day);

  it('goes once it is older than it is kept, with the events before', () => {
    const exact = { ...old('exact', 0), releasedAt: before };
    const allocations = [old('young', 89), old('old', 91), exact, old('oldest', 120), allocation(8001)];
    const { ledger, ...rest } = seed({ allocations });
    const { released, kept, historyPruned } = outcomeOf(decideCleanup(request(), { ledger, ...rest }));
    expect(historyPruned).toBe(2);
    expect(released.map(({ allocation: { id }, reason }) => [id, reason])).toEqual([
      ['oldest', 'RELEASED_HISTORY'],
      ['old', 'RELEASED_HISTORY'],
    ]);
    expect(released[1]?.explanation).toBe(
      'It was released at 2025-11-30T12:00:00.000Z, which is longer ago than history is kept.',
    );
    expect(kept).toHaveLength(1);
    expect(ledger.changes()).toMatchObject({ events: [], prunings: [{ before, allocationIds: ['oldest', 'old'] }] });
  });

  it('goes of the host that was asked for, or of all', () => {
    const allocations = [old('here', 91), old('there', 92, { hostName: 'pier' })];
    const pruned = (historyOf: string | null) => {
      const { released } = outcomeOf(decideCleanup(request({}, { historyOf }), seed({ allocations })));
      return released.map(({ allocation: { id } }) => id);
    };
    expect([pruned(quay), pruned('pier'), pruned(null)]).toEqual([['here'], ['there'], ['there', 'here']]);
  });

  it('does not begin with what this cleanup releases', () => {
    const policy = { cleanup: { misses: 3, inactiveMs: 7 * day, historyMs: 0 } };
    const { released, historyPruned } = outcomeOf(decideCleanup(request(), seed(stale({}, { policy }))));
    expect([released.length, historyPruned]).toEqual([1, 0]);
  });
});
