import { describe, expect, it } from 'vitest';
import type { PlacedListener } from '../../src/domain/listeners.ts';
import { observePort, type PortSight, sightOf } from '../../src/domain/liveness.ts';
import type { Allocation, Liveness } from '../../src/domain/registry-model.ts';
import { allocation, fromNoon, inWorktree, placed, seed, smallPolicy, worktree } from './seed.ts';

const { cleanup } = smallPolicy;
const day = 86_400_000;
const worktrees = [worktree('/shop'), worktree('/bank')];
const owner = inWorktree('/shop');
const own = placed(8000, { id: 1, workingDirectory: '/shop' }, worktrees);
const strange = placed(8000, { id: 2, workingDirectory: '/bank' }, worktrees);
const unclear = placed(8000, { id: 3, workingDirectory: '/opt' }, worktrees);
const unseen = placed(8000, null, worktrees);

describe('what is seen of a held port', () => {
  it.each<[string, PlacedListener[], Liveness, PlacedListener | undefined]>([
    ['nobody', [], 'idle', undefined],
    ['its owner', [own], 'live', own],
    ['somebody else', [strange], 'squatted', strange],
    ['something that cannot be told', [unclear], 'unknown', unclear],
    ['something that cannot be seen', [unseen], 'unknown', unseen],
    ['its owner among others, first', [own, strange, unclear], 'live', own],
    ['its owner among others, last', [unclear, unseen, strange, own], 'live', own],
    ['somebody else, and something that cannot be told', [unseen, unclear, strange], 'squatted', strange],
    ['two that cannot be told', [unseen, unclear], 'unknown', unseen],
  ])('on which %s listens', (_what, listeners, liveness, listener) => {
    expect(sightOf(allocation(8000, { owner }), listeners)).toEqual({ liveness, listener });
  });

  it('is live for an owner without a worktree, whatever cannot be told', () => {
    for (const each of [own, strange, unclear, unseen]) {
      expect(sightOf(allocation(8000), [each])).toEqual({ liveness: 'live', listener: each });
    }
  });
});

const sights: Record<Liveness, PortSight> = {
  live: { liveness: 'live', listener: own },
  squatted: { liveness: 'squatted', listener: strange },
  unknown: { liveness: 'unknown', listener: unclear },
  idle: { liveness: 'idle', listener: undefined },
};

const idle = allocation(8000, { owner, liveness: 'idle', idleSince: fromNoon(0) });
const live = allocation(8000, {
  owner,
  status: 'active',
  liveness: 'live',
  processId: 1,
  lastCheckedAt: fromNoon(1_000),
  lastActiveAt: fromNoon(1_000),
});
const scannedAt = fromNoon(9_000);
const now = fromNoon(10_000);

function observe(held: Allocation, sight: PortSight, around: { scannedAt?: Date; now?: Date } = { scannedAt, now }) {
  const { ledger } = seed({ worktrees, allocations: [held], ...around });
  const seen = observePort(held, sight, ledger, cleanup);
  const { events, allocations } = ledger.changes();
  expect(allocations).toEqual(seen === held ? [] : [seen]);
  return { seen, events: events.map(({ kind, cause }) => `${kind}: ${cause}`) };
}

describe('observing a held port', () => {
  it.each<[string, Allocation, PortSight, Partial<Allocation>, string[]]>([
    [
      'begins to listen',
      idle,
      sights.live,
      { status: 'active', liveness: 'live', idleSince: null, processId: 1, lastCheckedAt: now, lastActiveAt: now },
      ['activated: seen listening: node (process 1) of worktree /shop'],
    ],
    [
      'ceases to listen',
      live,
      sights.idle,
      {
        status: 'allocated',
        liveness: 'idle',
        idleSince: now,
        processId: 1,
        lastCheckedAt: now,
        lastActiveAt: scannedAt,
      },
      ['deactivated: no longer listening'],
    ],
    [
      'makes room for somebody else',
      live,
      sights.squatted,
      { status: 'allocated', liveness: 'squatted', processId: 1, lastCheckedAt: now, lastActiveAt: scannedAt },
      ['deactivated: no longer listening: node (process 2) of worktree /bank is on its port'],
    ],
    [
      'is not to be told any more',
      live,
      sights.unknown,
      { status: 'active', liveness: 'unknown', processId: 1, lastCheckedAt: scannedAt, lastActiveAt: scannedAt },
      [],
    ],
    [
      'was silent and is not to be told',
      idle,
      sights.unknown,
      { liveness: 'unknown', idleSince: null, lastCheckedAt: scannedAt },
      [],
    ],
    [
      'is squatted while it is silent',
      idle,
      sights.squatted,
      { liveness: 'squatted', idleSince: null, lastCheckedAt: scannedAt },
      [],
    ],
    [
      'is no longer squatted',
      { ...idle, liveness: 'squatted', idleSince: null },
      sights.idle,
      { status: 'allocated', liveness: 'idle', idleSince: now, lastCheckedAt: scannedAt },
      [],
    ],
    [
      'listens again after it could not be told',
      { ...live, liveness: 'unknown' },
      sights.live,
      { status: 'active', liveness: 'live', lastCheckedAt: scannedAt, lastActiveAt: fromNoon(1_000) },
      [],
    ],
    [
      'was restarted between two looks',
      live,
      { liveness: 'live', listener: placed(8000, { id: 9, workingDirectory: '/shop' }, worktrees) },
      { status: 'active', processId: 9, lastCheckedAt: scannedAt, lastActiveAt: scannedAt },
      [],
    ],
    [
      'is first seen as it was supposed',
      { ...idle, liveness: 'unknown', allocatedAt: fromNoon(9_500) },
      sights.idle,
      { status: 'allocated', liveness: 'idle', idleSince: now, lastCheckedAt: null },
      [],
    ],
  ])('whose owner %s', (_what, held, sight, expected, events) => {
    const outcome = observe(held, sight);
    expect(outcome.seen).toEqual({ ...held, ...expected });
    expect(outcome.events).toEqual(events);
  });

  it('writes nothing where nothing differs', () => {
    const same: [Allocation, PortSight][] = [
      [idle, sights.idle],
      [live, sights.live],
      [{ ...idle, liveness: 'squatted', idleSince: null }, sights.squatted],
      [{ ...live, liveness: 'unknown' }, sights.unknown],
    ];
    for (const [held, sight] of same) expect(observe(held, sight)).toEqual({ seen: held, events: [] });
  });

  it('says that a process is active though it cannot be seen, without its id', () => {
    const loose = allocation(8000);
    const { seen, events } = observe(loose, { liveness: 'live', listener: unseen });
    expect(seen).toMatchObject({ status: 'active', processId: null });
    expect(events).toEqual(['activated: seen listening: a process that cannot be seen from here']);
  });

  it('does not take the time in which nobody could look for silence', () => {
    const longAgo = { ...live, lastActiveAt: fromNoon(-30 * day), allocatedAt: fromNoon(-30 * day) };
    const { seen } = observe(longAgo, sights.idle, { now });
    expect(seen).toMatchObject({ status: 'allocated', lastActiveAt: now, misses: 0 });
  });

  it('does not take a gap between two looks for silence', () => {
    const longAgo = { ...live, lastActiveAt: fromNoon(-30 * day), allocatedAt: fromNoon(-30 * day) };
    const { seen } = observe(longAgo, sights.idle, { scannedAt: fromNoon(-8 * day), now });
    expect(seen).toMatchObject({ status: 'allocated', lastActiveAt: now, misses: 0 });
  });

  it('keeps when its owner was last seen listening, through any time in which that cannot be told', () => {
    const untold = observe(live, sights.unknown).seen;
    const later = { scannedAt: fromNoon(200_000), now: fromNoon(201_000) };
    expect(observe(untold, sights.live, later).seen).toMatchObject({ liveness: 'live', lastActiveAt: scannedAt });
    expect(observe(untold, sights.idle, later).seen).toMatchObject({
      status: 'allocated',
      lastActiveAt: later.scannedAt, // until then it may have been its owner's
    });
  });
});

describe('misses', () => {
  const since = { allocatedAt: fromNoon(-8 * day), idleSince: fromNoon(-8 * day) };
  const old = allocation(8000, { owner, ...since, liveness: 'idle' });
  it('count while it is stale and idle, up to what a cleanup asks for', () => {
    let held: Allocation = old;
    const counted = [1, 2, 3, 4, 5].map(() => {
      held = observe(held, sights.idle).seen;
      return held.misses;
    });
    expect(counted).toEqual([1, 2, 3, 3, 3]);
  });

  it.each<[string, Allocation, PortSight]>([
    ['it is used', { ...old, misses: 2 }, sights.live],
    ['somebody else listens', { ...old, misses: 2 }, sights.squatted],
    ['it cannot be told', { ...old, misses: 2 }, sights.unknown],
    ['it was used lately', { ...old, misses: 2, idleSince: fromNoon(-6 * day) }, sights.idle],
    ['it is production', { ...old, misses: 2, environment: 'production' }, sights.idle],
  ])('are over when %s', (_what, held, sight) => {
    expect(observe(held, sight).seen.misses).toBe(0);
  });

  it.each([sights.live, sights.unknown, sights.squatted])(
    'begin anew, as the idle time does, where it was $liveness',
    (sight) => {
      let held: Allocation = old;
      const counted = [sights.idle, sights.idle, sight, sights.idle].map((each) => {
        held = observe(held, each).seen;
        return held.misses;
      });
      expect(counted).toEqual([1, 2, 0, 0]);
      expect(held.idleSince).toEqual(now);
    },
  );
});
