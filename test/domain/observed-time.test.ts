import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAllocation } from '../../src/domain/allocate.ts';
import { decideCleanup } from '../../src/domain/cleanup.ts';
import {
  type HostTimes,
  historyLimit,
  historyTimeAt,
  isSince,
  observedTimeAt,
} from '../../src/domain/observed-time.ts';
import { asPort } from '../../src/domain/port.ts';
import { decideTransfer } from '../../src/domain/transfer.ts';
import { request as cleanupRequest } from './cleanup-scenes.ts';
import { scan, scanIntervalMs } from './scan-once.ts';
import {
  allocation,
  fromNoon,
  inWorktree,
  noon,
  outcomeOf,
  quay,
  request,
  type Scene,
  seed,
  seen,
  service,
  smallPolicy,
  worktree,
} from './seed.ts';

const day = 86_400_000;

describe('observed time', () => {
  const observedTime = fromNoon(-5 * day);
  const times = { scannedAt: noon, observedTime, historyTime: null };

  it.each([
    ['by the time between two scans', 14_000, 14_000, 14_000],
    ['by no more than a scan interval, after a gap', 8 * day, 8 * day, scanIntervalMs],
    ['by what the monotonic clock says, where the clock jumps ahead', 8 * day, 15_000, 15_000],
    ['by what the clock says, where the monotonic one counts the sleep', 15_000, 8 * day, 15_000],
    ['not at all, where the clock is set back', -8 * day, 15_000, 0],
    ['not at all by the first scan of a server', 15_000, 0, 0],
  ])('moves on %s', (_how, byClockMs, elapsedMs, observedMs) => {
    const start = { lookedAt: fromNoon(byClockMs), elapsedMs, scanIntervalMs };
    expect(observedTimeAt(start, times)).toEqual(fromNoon(observedMs, observedTime));
  });

  it('begins with the first scan, and stands still where the last one failed', () => {
    const start = { lookedAt: fromNoon(15_000), elapsedMs: 15_000, scanIntervalMs };
    expect(observedTimeAt(start, { ...times, scannedAt: null, observedTime: null })).toEqual(start.lookedAt);
    expect(observedTimeAt(start, { ...times, scannedAt: null })).toEqual(observedTime);
  });

  it('makes history old no sooner than the clock does', () => {
    const limit = (observed: Date | null) => historyLimit(noon, observed, 90 * day);
    expect(limit(null)).toEqual(fromNoon(-90 * day));
    expect(limit(fromNoon(-100 * day))).toEqual(fromNoon(-190 * day));
    expect(limit(fromNoon(100 * day))).toEqual(fromNoon(-90 * day));
  });

  it('knows what was written since a scan began from what a clock wrote that was ahead', () => {
    expect(isSince(fromNoon(1), noon, fromNoon(2))).toBe(true);
    expect(isSince(fromNoon(30_000), noon, fromNoon(2))).toBe(true); // by another instance
    expect(isSince(noon, noon, fromNoon(2))).toBe(false);
    expect(isSince(fromNoon(8 * day), noon, fromNoon(2))).toBe(false);
  });
});

describe('history time', () => {
  const hour = 3_600_000;
  const scanned = (lookedAt: Date, elapsedMs: number, times: HostTimes): HostTimes => {
    const start = { lookedAt, elapsedMs, scanIntervalMs: hour };
    return {
      scannedAt: lookedAt,
      observedTime: observedTimeAt(start, times),
      historyTime: historyTimeAt(start, times),
    };
  };
  const current: HostTimes = { scannedAt: noon, observedTime: noon, historyTime: noon };

  it('keeps up with the clock on a machine that runs eight hours a day', () => {
    let times = current;
    for (let days = 1; days <= 365; days++) {
      for (let hours = 0; hours <= 8; hours++) times = scanned(fromNoon(days * day + hours * hour), hour, times);
      expect(times.historyTime).toEqual(times.scannedAt);
    }
  });

  it('follows a clock that jumped ahead by eight times what is observed, and never goes back', () => {
    let times = current;
    for (let hours = 1; hours <= 24; hours++) {
      times = scanned(fromNoon(400 * day + hours * hour), hour, times);
      // The scan right after the jump counts too.
      expect(times.historyTime).toEqual(fromNoon(8 * hours * hour));
    }
    expect(scanned(noon, hour, times).historyTime).toEqual(times.historyTime);
    expect(scanned(fromNoon(500 * day), 0, times).historyTime).toEqual(times.historyTime);
  });

  it('begins with the first scan, and anew where the clock was not set at that', () => {
    const first = scanned(new Date(0), 0, { scannedAt: null, observedTime: null, historyTime: null });
    expect(first.historyTime).toEqual(new Date(0));
    expect(scanned(noon, hour, first).historyTime).toEqual(noon);
  });

  it('begins with that of the other hosts, where there are any', () => {
    const joining = { scannedAt: null, observedTime: null, historyTime: noon };
    expect(scanned(fromNoon(100 * day), 0, joining).historyTime).toEqual(noon);
  });
});

/** What happens between two scans: the time that passes, and what the clocks make of it. */
interface Step {
  readonly passesMs: number;
  readonly jumpMs: number;
  /** What the monotonic clock counts of it, 0 to 1. */
  readonly share: number;
  readonly restarts: boolean;
  readonly listens: boolean;
}

const inactiveMs = 10 * scanIntervalMs;
const policy = { cleanup: { ...smallPolicy.cleanup, misses: 2, inactiveMs } };
const owner = inWorktree('/shop');
const start: Scene = { policy, allocations: [allocation(8000, { owner })], worktrees: [worktree('/shop')], now: noon };

function step(scene: Scene, { passesMs, jumpMs, share, restarts, listens }: Step) {
  const now = fromNoon(passesMs + jumpMs, scene.now);
  const listeners = listens ? [seen(8000, { workingDirectory: '/shop' })] : [];
  const { after } = scan({ ...scene, now }, { listeners, elapsedMs: restarts ? 0 : passesMs * share });
  const cleaned = decideCleanup(cleanupRequest({}, { lookedAt: now, hostNames: [quay] }), seed({ ...after, now }));
  return { after: { ...after, now }, released: outcomeOf(cleaned).released.length > 0 };
}

describe('whatever the clocks do', () => {
  const rarely = <T>(usual: T, others: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: fc.constant(usual), weight: 6 }, { arbitrary: others, weight: 1 });
  const anyStep: fc.Arbitrary<Step> = fc.record({
    passesMs: rarely(scanIntervalMs, fc.constantFrom(1, 10_000, 31_000, 3_600_000, 8 * day)),
    jumpMs: rarely(0, fc.constantFrom(-400 * day, -30_000, 30_000, 8 * day, 400 * day)),
    share: rarely(1, fc.constantFrom(0, 0.5)),
    restarts: rarely(false, fc.constant(true)),
    listens: rarely(false, fc.constant(true)),
  });
  const usual: Step = { passesMs: scanIntervalMs, jumpMs: 0, share: 1, restarts: false, listens: false };

  it('a claim is released only after scans have seen it idle for as long as configured', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        let scene = start;
        let idleMs = Number.NEGATIVE_INFINITY; // the scan that finds it idle first counts nothing
        for (const each of steps) {
          idleMs = each.listens
            ? Number.NEGATIVE_INFINITY
            : Math.max(0, idleMs + Math.min(each.passesMs, scanIntervalMs));
          const { after, released } = step(scene, each);
          if (released) expect(idleMs).toBeGreaterThanOrEqual(inactiveMs);
          scene = after;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('a claim that is idle is released in the end', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
        let scene = start;
        for (const each of steps) scene = step(scene, each).after;
        // As many as it takes, one to find it idle, one to agree, and those within a minute of when the clock was set back.
        const scans = inactiveMs / scanIntervalMs + 2 + 4;
        const released = Array.from({ length: scans }, () => {
          const next = step(scene, usual);
          scene = next.after;
          return next.released;
        });
        expect(released.at(-1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('scans that find the same write nothing', () => {
    let scene = start;
    scene = step(scene, usual).after;
    for (let scans = 0; scans < 8; scans++) {
      const { changes } = scan({ ...scene, now: fromNoon(scanIntervalMs, scene.now) }, { elapsedMs: scanIntervalMs });
      expect(changes.allocations).toEqual([]);
      scene = step(scene, usual).after;
    }
  });
});

describe('a claim that is used', () => {
  const idle = allocation(8000, { owner, liveness: 'idle', idleSince: fromNoon(-6 * day), misses: 1 });
  const scene: Scene = { allocations: [idle], worktrees: [worktree('/shop')] };

  it.each([
    ['an hour', 3_600_000, 1],
    ['less than an hour', 3_599_999, 0],
  ])('by asking for it again counts from then on, written where it was idle for %s', (_what, ms, writes) => {
    const surroundings = seed({ ...scene, allocations: [{ ...idle, idleSince: fromNoon(-ms) }] });
    outcomeOf(decideAllocation(request([service('web')], { owner }), surroundings));
    const { allocations, events } = surroundings.ledger.changes();
    expect(events).toEqual([]);
    expect(allocations).toHaveLength(writes);
    for (const each of allocations) expect(each).toMatchObject({ idleSince: noon, misses: 0 });
  });

  it('by another owner, who was given it, counts from the next scan on', () => {
    const { ledger } = seed({ ...scene, worktrees: [worktree('/shop'), worktree('/bank')] });
    const handover = { hostName: quay, ports: [asPort(8000)], owner, to: inWorktree('/bank'), force: false };
    decideTransfer(handover, ledger);
    expect(ledger.changes().allocations).toMatchObject([{ idleSince: null, misses: 0 }]);
  });
});

describe('a clock that was ahead and is set right', () => {
  const ahead = fromNoon(8 * day);

  it('leaves no claim unseen that was made meanwhile', () => {
    const scene: Scene = { ...start, allocations: [allocation(8000, { owner, allocatedAt: ahead })] };
    const { outcome } = scan(scene, { listeners: [seen(8000, { workingDirectory: '/shop' })] });
    expect(outcome.activated).toMatchObject([{ port: 8000 }]);
  });

  it('leaves no port in quarantine that was released meanwhile', () => {
    const allocate = (releasedAt: Date) => {
      const allocations = [allocation(8000, { owner, releasedAt })];
      const outcome = outcomeOf(decideAllocation(request([service('web')]), seed({ allocations })));
      if (outcome instanceof Error) throw outcome;
      return outcome[0]?.allocation.port;
    };
    expect(allocate(ahead)).toBe(8000);
    expect(allocate(fromNoon(2_000))).toBe(8001); // by another instance, whose clock is a little ahead
  });
});
