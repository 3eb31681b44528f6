import { describe, expect, it } from 'vitest';
import { decideCleanup } from '../../src/domain/cleanup.ts';
import { type Case, elsewhere, exists, gone, orphaned, request, stale } from './cleanup-scenes.ts';
import { fromNoon, noon, outcomeOf, seed } from './seed.ts';

const day = 86_400_000;

describe('a cleanup keeps', () => {
  it.each<Case>([
    [
      'production',
      stale({ environment: 'production', allocatedAt: fromNoon(-400 * day) }),
      {},
      'PRODUCTION',
      'Production is never cleaned up: release it by hand.',
    ],
    [
      'production in a worktree that is gone',
      orphaned({ environment: 'production' }),
      { '/shop': gone },
      'PRODUCTION',
      /by hand/,
    ],
    [
      'what is on another host',
      stale({ hostName: 'pier' }),
      {},
      'NOT_VISIBLE_FROM_HERE',
      'Only the observer of pier can tell whether it is still used.',
    ],
    [
      'what is in a worktree on another file system',
      orphaned({}),
      { '/shop': elsewhere },
      'NOT_VISIBLE_FROM_HERE',
      /^Its worktree \/shop cannot be seen/,
    ],
    [
      'what is in a worktree that was never seen',
      orphaned({}, { device: null }),
      { '/shop': gone },
      'NOT_VISIBLE_FROM_HERE',
      /cannot be seen/,
    ],
    [
      'what is stale there',
      orphaned({ misses: 3, allocatedAt: fromNoon(-9 * day) }),
      { '/shop': elsewhere },
      'NOT_VISIBLE_FROM_HERE',
      /cannot be seen/,
    ],
    [
      'what is public',
      stale({ publicHostnames: ['shop.example', 'www.shop.example'] }),
      {},
      'HAS_PUBLIC_HOSTNAME',
      'It is public as shop.example, www.shop.example: release it by hand, with force.',
    ],
    [
      'what is public in a worktree that is gone',
      orphaned({ publicHostnames: ['shop.example'] }),
      { '/shop': gone },
      'HAS_PUBLIC_HOSTNAME',
      /public/,
    ],
    [
      'what something listens on in a worktree that is gone',
      orphaned({}, {}, { listening: [8000] }),
      { '/shop': gone },
      'STILL_LISTENING',
      'Something listens on port 8000: stop it first.',
    ],
    [
      'what its owner listens on in a worktree that is gone, though the probe found the port free',
      orphaned({ status: 'active', liveness: 'live' }),
      { '/shop': gone },
      'STILL_LISTENING',
      'Something listens on port 8000: stop it first.',
    ],
    [
      'what somebody else listens on there, though the probe found the port free',
      orphaned({ liveness: 'squatted' }),
      { '/shop': gone },
      'STILL_LISTENING',
      'Something listens on port 8000: stop it first.',
    ],
    [
      'what could not be told there',
      orphaned({ liveness: 'unknown' }),
      { '/shop': gone },
      'STILL_LISTENING',
      'Its owner may listen on port 8000: no look has told otherwise yet, or could tell.',
    ],
    [
      'what something listens on since the last look',
      stale({}, { listening: [8000] }),
      {},
      'STILL_LISTENING',
      'Something listens on port 8000: stop it first.',
    ],
    ['what its owner listens on', stale({ liveness: 'live', misses: 3 }), {}, 'STILL_LISTENING', /^Something listens/],
    [
      'what somebody else listens on',
      stale({ liveness: 'squatted', misses: 3 }),
      {},
      'STILL_LISTENING',
      /^Something listens/,
    ],
    [
      'what could not be told',
      stale({ liveness: 'unknown', misses: 3 }),
      {},
      'STILL_LISTENING',
      'Its owner may listen on port 8000: no look has told otherwise yet, or could tell.',
    ],
    [
      'what was allocated lately',
      stale({ allocatedAt: fromNoon(-7 * day), idleSince: fromNoon(-7 * day + 1) }),
      {},
      'RECENTLY_SEEN',
      'It was last used, or allocated, at 2026-02-22T12:00:00.000Z, and scans have seen it idle for 6.9 of the 7 days that a cleanup waits for.',
    ],
    [
      'what was active lately',
      stale({ lastActiveAt: fromNoon(-6 * day), idleSince: fromNoon(-6 * day) }),
      {},
      'RECENTLY_SEEN',
      'It was last used, or allocated, at 2026-02-23T12:00:00.000Z, and scans have seen it idle for 6 of the 7 days that a cleanup waits for.',
    ],
    [
      'what no scan has seen idle for long, whatever the calendar says',
      stale({ allocatedAt: fromNoon(-400 * day), idleSince: fromNoon(-day) }),
      {},
      'RECENTLY_SEEN',
      /idle for 1 of the 7 days/,
    ],
    [
      'what is active',
      stale({ lastActiveAt: fromNoon(-9 * day), status: 'active', liveness: 'live' }, { scannedAt: fromNoon(-1) }),
      {},
      'STILL_LISTENING',
      /^Something listens/,
    ],
    [
      'what was active when looking failed',
      stale({ lastActiveAt: fromNoon(-9 * day), status: 'active', idleSince: null }),
      {},
      'RECENTLY_SEEN',
      /2026-03-01/,
    ],
    [
      'what was missed too few times',
      stale({ misses: 2 }),
      {},
      'RECENTLY_SEEN',
      'It was not seen active since 2026-02-21T12:00:00.000Z, but only 2 of the 3 scans in a row that a cleanup waits for have found it so.',
    ],
    [
      'what is in a worktree that was missed too few times',
      orphaned({}, { misses: 2 }),
      { '/shop': gone },
      'RECENTLY_SEEN',
      'Its worktree /shop is gone from disk since 2026-03-01T11:59:00.000Z, in 2 of the 3 scans in a row that a cleanup waits for.',
    ],
    [
      'what is in a worktree that was never missed yet',
      orphaned({}, { misses: 0, missingSince: null }),
      { '/shop': gone },
      'RECENTLY_SEEN',
      /gone from disk, in 0 of the 3/,
    ],
    [
      'what is in a worktree that has come back',
      orphaned({}),
      { '/shop': exists },
      'RECENTLY_SEEN',
      /last used, or allocated/,
    ],
    [
      'what is in a worktree that was registered since the look',
      orphaned({}),
      {},
      'RECENTLY_SEEN',
      /last used, or allocated/,
    ],
  ])('%s', (_what, scene, paths, reason, says) => {
    const { ledger, ...rest } = seed(scene);
    const report = outcomeOf(decideCleanup(request(paths), { ledger, ...rest }));
    expect(report).toMatchObject({ released: [], kept: [{ reason, allocation: scene.allocations?.[0] }] });
    expect(report.kept[0]?.explanation).toMatch(says);
    expect(ledger.changes()).toMatchObject({ allocations: [], worktrees: [], events: [] });
  });

  it('what was allocated in a worktree that is gone since it was looked at, and the worktree with it', () => {
    const early = { lookedAt: fromNoon(-1) };
    const trees = { registeredAt: fromNoon(-day) };
    const decide = (allocatedAt: Date) => {
      const { ledger, ...rest } = seed(orphaned({ allocatedAt }, trees));
      const report = outcomeOf(decideCleanup(request({ '/shop': gone }, early), { ledger, ...rest }));
      return { report, worktrees: ledger.changes().worktrees };
    };
    expect(decide(fromNoon(0))).toMatchObject({
      report: { released: [], kept: [{ reason: 'RECENTLY_SEEN' }] },
      worktrees: [],
    });
    expect(decide(early.lookedAt)).toMatchObject({
      report: { released: [{ reason: 'ORPHANED_WORKTREE' }], kept: [] },
      worktrees: [{ path: '/shop', removedAt: noon }],
    });
  });

  it('what is in a worktree that was registered again since it was looked at', () => {
    const { ledger, ...rest } = seed(orphaned({ allocatedAt: fromNoon(-day) }, { registeredAt: fromNoon(0) }));
    const asked = request({ '/shop': gone }, { lookedAt: fromNoon(-1) });
    expect(outcomeOf(decideCleanup(asked, { ledger, ...rest }))).toMatchObject({
      released: [],
      kept: [{ reason: 'RECENTLY_SEEN' }],
    });
    expect(ledger.changes()).toMatchObject({ allocations: [], worktrees: [] });
  });

  it('what was active before a gap in the looks, however long ago it was seen', () => {
    const facts = { status: 'active' as const, lastActiveAt: fromNoon(-9 * day), idleSince: null };
    for (const scannedAt of [fromNoon(-8 * day), fromNoon(-300_001)]) {
      const report = outcomeOf(decideCleanup(request(), seed(stale(facts, { scannedAt }))));
      expect(report).toMatchObject({ released: [], kept: [{ reason: 'RECENTLY_SEEN' }] });
      expect(report.kept[0]?.explanation).toContain(
        `It was last used, or allocated, at ${noon.toISOString()}, and scans have seen it idle for 0 of the 7 days`,
      );
    }
  });
});
