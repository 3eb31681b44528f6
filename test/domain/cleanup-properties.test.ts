import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCleanup } from '../../src/domain/cleanup.ts';
import type { ProbeResult } from '../../src/domain/decision.ts';
import { environments } from '../../src/domain/policy.ts';
import type { Allocation, Worktree } from '../../src/domain/registry-model.ts';
import type { PathSight } from '../../src/domain/worktree-paths.ts';
import {
  allocation,
  fromNoon,
  inWorktree,
  noon,
  ofCodebase,
  outcomeOf,
  quay,
  seed,
  smallPolicy,
  worktree,
} from './seed.ts';

const day = 86_400_000;
const { cleanup } = smallPolicy;
const paths = ['/shop', '/bank', '/inn', '/mall'];

const anyWorktree: fc.Arbitrary<Worktree> = fc
  .record({
    path: fc.constantFrom(...paths),
    device: fc.constantFrom(null, 1, 1, 1),
    misses: fc.constantFrom(0, 2, 3, 3, 3),
    registeredAt: fc.constantFrom(fromNoon(-500 * day), fromNoon(-500 * day), noon),
  })
  .map(({ path, ...facts }) => worktree(path, { ...facts, missingSince: facts.misses > 0 ? fromNoon(-1) : null }));

const anyHeld: fc.Arbitrary<Allocation> = fc
  .record({
    port: fc.integer({ min: 8000, max: 8020 }),
    hostName: fc.constantFrom(quay, quay, quay, 'pier'),
    environment: fc.constantFrom('dev' as const, ...environments),
    owner: fc.oneof(
      fc.constantFrom(...paths).map((path) => inWorktree(path)),
      fc.constant(ofCodebase('shop')),
    ),
    status: fc.constantFrom('allocated' as const, 'allocated' as const, 'active' as const),
    liveness: fc.constantFrom(
      'idle' as const,
      'idle' as const,
      'live' as const,
      'squatted' as const,
      'unknown' as const,
    ),
    misses: fc.constantFrom(0, 2, 3, 3, 3),
    publicHostnames: fc.constantFrom<string[]>([], [], [], ['shop.example']),
    days: fc.constantFrom(-400, -9, -8, -7, -6, 0),
    idleDays: fc.constantFrom(null, null, -9, -7, -7, -6, -1, 1),
  })
  .map(({ port, days, idleDays, ...facts }) =>
    allocation(port, {
      ...facts,
      id: `${port} on ${facts.hostName}`,
      allocatedAt: fromNoon(days * day),
      idleSince: idleDays === null ? null : fromNoon(idleDays * day),
    }),
  );

const anySight: fc.Arbitrary<PathSight> = fc.constantFrom(
  { exists: true, device: 1 },
  { exists: false, device: 1 },
  { exists: false, device: 1 },
  { exists: false, device: 2 },
  { exists: false, device: null },
);

const anyHost = fc.record({
  worktrees: fc.uniqueArray(anyWorktree, { selector: ({ path }) => path }),
  allocations: fc.uniqueArray(anyHeld, { selector: ({ id }) => id, maxLength: 12 }),
  sights: fc.dictionary(fc.constantFrom(...paths), anySight),
  listening: fc.uniqueArray(fc.integer({ min: 8000, max: 8020 })),
  unprobed: fc.uniqueArray(fc.integer({ min: 8000, max: 8020 })),
  scannedAt: fc.constantFrom(undefined, fromNoon(-1), fromNoon(-8 * day)),
  lookedAt: fc.constantFrom(noon, noon, fromNoon(-1), fromNoon(-7 * day)),
});

type AnyHost = typeof anyHost extends fc.Arbitrary<infer Host> ? Host : never;

/** Decided as the registry does it: what wants probing is probed, and it is decided anew. */
function cleanUp({ worktrees, allocations, sights, listening, unprobed, scannedAt, lookedAt }: AnyHost) {
  const request = {
    hostNames: [quay, 'pier'],
    historyOf: null,
    historyBefore: fromNoon(-90 * day),
    observedHost: quay,
    lookedAt,
    paths: new Map(Object.entries(sights)),
  };
  const unknown = new Set(unprobed);
  while (true) {
    const surroundings = seed({ worktrees, allocations, ...(scannedAt ? { scannedAt } : {}) });
    const probed = (_hostName: string, port: number): ProbeResult | undefined =>
      unknown.has(port) ? undefined : listening.includes(port) ? 'listening' : 'free';
    const decision = decideCleanup(request, { ...surroundings, probed });
    const changes = surroundings.ledger.changes();
    if ('outcome' in decision) return { report: outcomeOf(decision), changes, probed };
    expect(changes).toMatchObject({ allocations: [], worktrees: [], events: [], prunings: [] });
    expect(decision.unprobed.length).toBeGreaterThan(0);
    for (const port of decision.unprobed) expect(unknown.delete(port)).toBe(true);
  }
}

describe('whatever a cleanup finds', () => {
  const check = (property: (host: AnyHost, cleaned: ReturnType<typeof cleanUp>) => void) =>
    fc.assert(
      fc.property(anyHost, (host) => property(host, cleanUp(host))),
      { numRuns: 1_000 },
    );

  it('releases nothing that rule 12 protects', () => {
    check(({ allocations, worktrees, sights, lookedAt }, { report, probed }) => {
      for (const { allocation: held } of report.released) {
        expect(held.environment).not.toBe('production');
        expect(held.hostName).toBe(quay);
        expect(probed(quay, held.port)).toBe('free');
        expect(held.publicHostnames).toEqual([]);
        expect(held.allocatedAt.getTime()).toBeLessThanOrEqual(lookedAt.getTime());
        expect(allocations).toContainEqual(expect.objectContaining({ id: held.id, liveness: 'idle' }));
        const home = worktrees.find(({ id }) => id === held.worktreeId);
        const sight = home && home.registeredAt <= lookedAt ? sights[home.path] : undefined;
        const isGone = home?.device === 1 && sight?.exists === false && sight.device === 1;
        expect(!home || !sight || sight.exists || isGone).toBe(true);
        const misses = isGone ? home.misses : held.misses;
        expect(misses).toBeGreaterThanOrEqual(cleanup.misses);
        if (isGone) continue;
        if (held.idleSince === null) expect.fail('no scan has seen it idle');
        expect(noon.getTime() - held.idleSince.getTime()).toBeGreaterThanOrEqual(cleanup.inactiveMs);
      }
    });
  });

  it('says of each live allocation exactly once what becomes of it, and does exactly that', () => {
    check(({ allocations }, { report: { released, kept }, changes }) => {
      const told = [...released, ...kept].map((item) => item.allocation.id);
      expect(told.sort()).toEqual(allocations.map(({ id }) => id).sort());
      expect(changes.allocations).toEqual(released.map((item) => item.allocation));
      expect(changes.events.map((event) => event.allocation)).toEqual(changes.allocations);
      for (const item of kept) expect(allocations).toContain(item.allocation);
      const wasReleased: ReadonlySet<string> = new Set(['ORPHANED_WORKTREE', 'INACTIVE', 'RELEASED_HISTORY']);
      for (const { reason } of released) expect(wasReleased.has(reason)).toBe(true);
      for (const { reason } of kept) expect(wasReleased.has(reason)).toBe(false);
    });
  });

  it('says beforehand exactly what it will do', () => {
    check((host, { report }) => {
      expect(cleanUp(host).report).toEqual(report);
    });
  });

  it('removes only worktrees that are gone, seen from here, and hold nothing any more', () => {
    check(({ allocations, sights, lookedAt }, { changes, report }) => {
      const isReleased = (id: string) => report.released.some((item) => item.allocation.id === id);
      for (const removed of changes.worktrees) {
        expect(removed).toMatchObject({ removedAt: noon, device: 1, misses: cleanup.misses });
        expect(sights[removed.path]).toEqual({ exists: false, device: 1 });
        expect(removed.registeredAt.getTime()).toBeLessThanOrEqual(lookedAt.getTime());
        const left = allocations.filter(
          ({ hostName, worktreeId, id }) => hostName === quay && worktreeId === removed.id && !isReleased(id),
        );
        expect(left).toEqual([]);
      }
    });
  });

  it('leaves nothing for a second one to do', () => {
    check((host, { report, changes }) => {
      const released = new Set(report.released.map((item) => item.allocation.id));
      const removed = new Set(changes.worktrees.map(({ id }) => id));
      const again = cleanUp({
        ...host,
        allocations: host.allocations.filter(({ id }) => !released.has(id)),
        worktrees: host.worktrees.filter(({ id }) => !removed.has(id)),
      });
      expect(again.report.released).toEqual([]);
      expect(again.report.kept).toEqual(report.kept);
      expect(again.changes.worktrees).toEqual([]);
    });
  });
});
