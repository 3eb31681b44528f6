import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocatedWhileListening, portSquatted, unregisteredListener } from '../../src/domain/conflicts.ts';
import { known } from './review-batch.ts';
import { exists, gone, type Look, scan } from './scan-once.ts';
import { allocation, fromNoon, inWorktree, placed, quay, type Scene, seen, worktree } from './seed.ts';

const lookedAt = fromNoon(1_000);
const now = fromNoon(3_000);
const since = fromNoon(1_001);
const worktrees = [worktree('/bank', { device: 1 }), worktree('/shop', { device: 1 })];
const owner = inWorktree('/shop');
const own = seen(8000, { workingDirectory: '/shop' });
const ofBank = seen(8000, { workingDirectory: '/bank' });
const look = (facts: Look = {}): Look => ({ lookedAt, ...facts });

const kinds = (rows: readonly { readonly kind: string }[] = []) => rows.map(({ kind }) => kind);

describe('a look that took its time', () => {
  it.each([
    ['its owner', [own]],
    ['somebody else', [ofBank]],
    ['something that cannot be seen', [seen(8000, null)]],
    ['nobody', []],
  ])('says nothing of a claim that is newer than it, though %s listened', (_what, listeners) => {
    const held = allocation(8000, { owner, allocatedAt: since });
    const { outcome, changes } = scan({ now, worktrees, allocations: [held] }, look({ listeners }));
    expect(outcome).toMatchObject({ activated: [], deactivated: [], opened: [], resolved: [] });
    expect(changes).toMatchObject({ allocations: [], conflicts: [], events: [] });
  });

  it('judges a claim of the moment when it began, and in the next look those that it passed over', () => {
    const exact = allocation(8000, { owner, allocatedAt: lookedAt });
    const scene = { now, worktrees, allocations: [exact] };
    expect(scan(scene, look({ listeners: [own] })).outcome.activated).toMatchObject([{ port: 8000 }]);
    const newer = scan({ ...scene, allocations: [{ ...exact, allocatedAt: since }] }, look({ listeners: [ofBank] }));
    const next = scan({ ...newer.after, now: fromNoon(5_000) }, { lookedAt: fromNoon(4_000), listeners: [ofBank] });
    expect(kinds(next.outcome.opened)).toEqual(['port_squatted']);
  });

  it('settles no conflict that opened since it began, and those before it', () => {
    const held = allocation(8000, { owner, allocatedAt: lookedAt });
    const stranger = placed(8000, { workingDirectory: '/bank' }, worktrees);
    const found = [
      portSquatted(held, stranger),
      allocatedWhileListening(held, stranger),
      unregisteredListener(quay, 'dev', placed(8005, {})),
    ];
    const scene = { now, worktrees, allocations: [held] };
    const resolvedOf = (detectedAt: Date) => {
      const conflicts = found.map((finding) => known(finding, { detectedAt }));
      return kinds(scan({ ...scene, conflicts }, look()).outcome.resolved);
    };
    expect(resolvedOf(since)).toEqual([]);
    expect(resolvedOf(lookedAt)).toEqual(kinds(found));
  });

  it('keeps the conflict of a port that was taken by force since it began', () => {
    const held = allocation(8000, { owner, allocatedAt: since });
    const conflicts = [known(allocatedWhileListening(held, null), { detectedAt: since })];
    for (const listeners of [[], [own], [ofBank]]) {
      const { after, changes } = scan({ now, worktrees, allocations: [held], conflicts }, look({ listeners }));
      expect(changes.conflictChanges).toEqual([]);
      expect(kinds(after.conflicts)).toEqual(['allocated_while_listening']);
    }
  });

  it.each([
    ['since it began', since, []],
    ['when it began', lookedAt, ['unregistered_listener']],
    ['before it', fromNoon(0), ['unregistered_listener']],
  ])('takes what listened on a port that was released %s for what it may have been', (_what, releasedAt, opened) => {
    const released = allocation(8000, { owner, allocatedAt: fromNoon(-1), releasedAt });
    const scene: Scene = { now, worktrees, allocations: [released] };
    expect(kinds(scan(scene, look({ listeners: [own] })).outcome.opened)).toEqual(opened);
  });

  it('tells of what listens on a released port in the next look', () => {
    const released = allocation(8000, { owner, allocatedAt: fromNoon(-1), releasedAt: since });
    const { after } = scan({ now, worktrees, allocations: [released] }, look({ listeners: [own] }));
    const next = scan({ ...after, now: fromNoon(5_000) }, { lookedAt: fromNoon(4_000), listeners: [own] });
    expect(kinds(next.outcome.opened)).toEqual(['unregistered_listener']);
  });

  it('is told with the time when it began, as is all that goes by it', () => {
    const { changes } = scan({ now, worktrees }, look({ listeners: [own] }));
    expect(changes.observations).toMatchObject([{ hostName: quay, seenAt: lookedAt }]);
  });

  it('counts what is held now for a range, and not what was held then', () => {
    const allocations = Array.from({ length: 8 }, (_, index) => allocation(8000 + index, { allocatedAt: since }));
    const { outcome } = scan({ now, policy: { utilizationAlert: 0.8 }, allocations }, look());
    expect(kinds(outcome.opened)).toEqual(['range_nearly_exhausted']);
  });

  it('misses no worktree that was registered since it began', () => {
    const again = worktree('/shop', { device: 1, registeredAt: since });
    const held = allocation(8000, { owner, allocatedAt: since });
    const { outcome, changes } = scan(
      { now, worktrees: [again], allocations: [held] },
      look({ paths: { '/shop': gone } }),
    );
    expect(changes.worktrees).toEqual([]);
    expect(outcome.opened).toEqual([]);
  });

  it('never takes back when an owner was last seen listening', () => {
    const anyLook = fc.record({
      waitMs: fc.integer({ min: 0, max: 400_000 }),
      tookMs: fc.integer({ min: 0, max: 10_000 }),
      listeners: fc.constantFrom([own], [own], [], [ofBank], [seen(8000, null)]),
    });
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 8 }), (looks) => {
        let scene: Scene = { worktrees, allocations: [allocation(8000, { owner })] };
        let at = 0;
        for (const { waitMs, tookMs, listeners } of looks) {
          const began = fromNoon(at + waitMs);
          at += waitMs + tookMs;
          const before = scene.allocations?.[0];
          const paths = { '/shop': exists, '/bank': exists };
          const { after } = scan({ ...scene, now: fromNoon(at) }, { lookedAt: began, listeners, paths });
          const activeAt = Number(after.allocations?.[0]?.lastActiveAt);
          expect(activeAt).toBeGreaterThanOrEqual(Number(before?.lastActiveAt));
          expect(activeAt).toBeLessThanOrEqual(fromNoon(at).getTime());
          scene = after;
        }
      }),
    );
  });
});
