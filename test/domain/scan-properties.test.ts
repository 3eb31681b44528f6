import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conflict, Worktree } from '../../src/domain/registry-model.ts';
import { exists, gone, type Look, scan } from './scan-once.ts';
import { allocation, codebase, fromNoon, inWorktree, ofCodebase, type Scene, seen, worktree } from './seed.ts';

const day = 86_400_000;
const paths = ['/shop', '/shop/nested', '/bank', '/gone'];
const anyPath = fc.constantFrom(...paths);
const anyDirectory = fc.constantFrom(...paths, '/opt', '/', '/shop/app', '/shop-2');
const anyWorktree: fc.Arbitrary<Worktree> = fc
  .record({
    path: anyPath,
    device: fc.constantFrom(null, 1),
    misses: fc.nat({ max: 3 }),
    codebaseId: fc.constantFrom(null, 'shop', 'bank'),
  })
  .map(({ path, misses, ...facts }) =>
    worktree(path, { ...facts, misses, missingSince: misses > 0 ? fromNoon(-1) : null }),
  );
const anyHeld = fc
  .record({
    port: fc.constantFrom(7000, 8000, 8001, 8002, 9000, 5000),
    owner: fc.oneof(
      anyPath.map((path) => inWorktree(path)),
      fc.constant(ofCodebase('shop')),
    ),
    status: fc.constantFrom('allocated' as const, 'active' as const),
    liveness: fc.constantFrom('live' as const, 'idle' as const, 'squatted' as const, 'unknown' as const),
    misses: fc.nat({ max: 3 }),
    days: fc.constantFrom(0, -6, -7, -8),
  })
  .map(({ port, days, ...facts }) => allocation(port, { ...facts, allocatedAt: fromNoon(days * day) }));
const anyListener = fc
  .record({
    port: fc.constantFrom(7000, 8000, 8001, 8002, 8005, 9000, 5000),
    process: fc.option(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        name: fc.constantFrom('node', 'python3', null),
        workingDirectory: fc.option(anyDirectory, { nil: null }),
        ancestorDirectories: fc.array(anyDirectory, { maxLength: 2 }),
      }),
      { nil: null },
    ),
  })
  .map(({ port, process }) => seen(port, process));
const anyScene: fc.Arbitrary<Scene> = fc.record({
  worktrees: fc.uniqueArray(anyWorktree, { selector: ({ path }) => path }),
  allocations: fc.uniqueArray(anyHeld, { selector: ({ port }) => port }),
  codebases: fc.constant([codebase('shop', { servicePorts: { web: allocation(8001).port } }), codebase('bank')]),
  scannedAt: fc.constantFrom(fromNoon(-1), fromNoon(-9 * day)),
});
const anyLook: fc.Arbitrary<Look> = fc.record({
  listeners: fc.array(anyListener, { maxLength: 8 }),
  paths: fc.dictionary(
    anyPath,
    fc.constantFrom(exists, gone, { exists: false, device: 2 }, { exists: false, device: null }),
  ),
});
const causes = (conflicts: readonly Conflict[] = []) => conflicts.map(({ cause }) => cause).sort();

describe('looks in a row', () => {
  it('settle after as many as a cleanup waits for: the next, if the same, changes nothing', () => {
    fc.assert(
      fc.property(anyScene, fc.array(anyLook, { maxLength: 2 }), anyLook, (scene, before, look) => {
        let now = scene;
        for (const each of [...before, look, look, look]) now = scan(now, each).after;
        const { outcome, changes } = scan(now, look);
        expect(outcome).toMatchObject({
          activated: [],
          deactivated: [],
          opened: [],
          resolved: [],
        });
        expect(changes).toMatchObject({
          allocations: [],
          worktrees: [],
          conflicts: [],
          conflictChanges: [],
          events: [],
        });
      }),
    );
  });

  it('leave the conflicts that the last one shows, whatever came before', () => {
    fc.assert(
      fc.property(anyScene, fc.array(anyLook, { maxLength: 3 }), anyLook, (scene, before, look) => {
        let now = scene;
        for (const each of before) now = scan(now, each).after;
        const kept = scan(now, look).after;
        const fresh = scan({ ...now, conflicts: [] }, look).after;
        expect(causes(kept.conflicts)).toEqual(causes(fresh.conflicts));
        expect(new Set(causes(kept.conflicts)).size).toBe(kept.conflicts?.length);
      }),
    );
  });

  it('tell an event exactly where the status changes, and production as any other', () => {
    fc.assert(
      fc.property(anyScene, anyLook, (scene, look) => {
        const { outcome, changes, after } = scan(scene, look);
        const changed = (after.allocations ?? []).filter(
          (each, index) => each.status !== scene.allocations?.[index]?.status,
        );
        expect(changes.events.map((event) => event.allocation.id).sort()).toEqual(changed.map(({ id }) => id).sort());
        expect([...outcome.activated, ...outcome.deactivated]).toHaveLength(changed.length);
        for (const held of after.allocations ?? []) {
          if (held.liveness === 'live') expect(held.status).toBe('active');
          if (held.liveness === 'idle' || held.liveness === 'squatted') expect(held.status).toBe('allocated');
          if (held.environment === 'production') expect(held.misses).toBe(0);
        }
      }),
    );
  });
});
