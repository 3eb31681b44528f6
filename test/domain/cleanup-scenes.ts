import type { CleanupReason, CleanupRequest } from '../../src/domain/cleanup.ts';
import type { Allocation, Worktree } from '../../src/domain/registry-model.ts';
import type { PathSight } from '../../src/domain/worktree-paths.ts';
import { allocation, fromNoon, inWorktree, noon, ofCodebase, quay, type Scene, worktree } from './seed.ts';

const day = 86_400_000;
export const exists: PathSight = { exists: true, device: 1 };
export const gone: PathSight = { exists: false, device: 1 };
export const elsewhere: PathSight = { exists: false, device: 2 };

export const request = (
  paths: Readonly<Record<string, PathSight>> = {},
  facts: Partial<CleanupRequest> = {},
): CleanupRequest => ({
  hostNames: [quay, 'pier'],
  historyOf: quay,
  historyBefore: fromNoon(-90 * day),
  observedHost: quay,
  lookedAt: noon,
  paths: new Map(Object.entries(paths)),
  ...facts,
});

export const orphan = worktree('/shop', { device: 1, misses: 3, missingSince: fromNoon(-60_000) });
export const ofOrphan = allocation(8000, { owner: inWorktree('/shop'), liveness: 'idle' });
export const inactive = allocation(8000, {
  owner: ofCodebase('shop'),
  liveness: 'idle',
  misses: 3,
  allocatedAt: fromNoon(-8 * day),
  idleSince: fromNoon(-7 * day),
});

/** A scene with one allocation, the paths that are looked at, and what a cleanup says of it. */
export type Case = [
  what: string,
  scene: Scene,
  paths: Record<string, PathSight>,
  reason: CleanupReason,
  says: string | RegExp,
];

export const orphaned = (held: Partial<Allocation>, tree: Partial<Worktree> = {}, scene: Scene = {}): Scene => ({
  ...scene,
  allocations: [{ ...ofOrphan, ...held }],
  worktrees: [{ ...orphan, ...tree }],
});
export const stale = (held: Partial<Allocation>, scene: Scene = {}): Scene => ({
  ...scene,
  allocations: [{ ...inactive, ...held }],
});
