import type { EphemeralRange, SeenListener } from '../../src/domain/observation.ts';
import { decideScan, type HostSight } from '../../src/domain/scan.ts';
import type { PathSight } from '../../src/domain/worktree-paths.ts';
import { quay, type Scene, seed } from './seed.ts';

export const exists: PathSight = { exists: true, device: 1 };
export const gone: PathSight = { exists: false, device: 1 };

export interface Look {
  readonly listeners?: readonly SeenListener[];
  readonly paths?: Readonly<Record<string, PathSight>>;
  readonly ephemeralRange?: EphemeralRange;
  /** Default: the moment of the scene. */
  readonly lookedAt?: Date;
  /** Since the last scan, by the monotonic clock. Default: 0. */
  readonly elapsedMs?: number;
}

export const scanIntervalMs = 15_000;

const sightOf = (
  { listeners = [], paths = {}, ephemeralRange, lookedAt, elapsedMs = 0 }: Look,
  now: Date,
): HostSight => ({
  hostName: quay,
  lookedAt: lookedAt ?? now,
  elapsedMs,
  scanIntervalMs,
  listeners,
  paths: new Map(Object.entries(paths)),
  ephemeralRange: ephemeralRange ?? null,
});

/** What a look came to, and the scene as it is after it. */
export function scan(scene: Scene, look: Look) {
  const surroundings = seed(scene);
  const outcome = decideScan(sightOf(look, surroundings.ledger.now), surroundings);
  const { ledger } = surroundings;
  const changes = ledger.changes();
  const { allocations = [], worktrees = [] } = scene;
  const now = <Row extends { id: string }>(rows: readonly Row[], changed: readonly Row[]): Row[] =>
    rows.map((row) => changed.find(({ id }) => id === row.id) ?? row);
  const after: Scene = {
    ...scene,
    allocations: now(allocations, changes.allocations),
    worktrees: now(worktrees, changes.worktrees),
    // Each seed numbers its new ids from one.
    conflicts: ledger.conflicts
      .on(quay)
      .all()
      .map((each) => ({ ...each, id: each.cause })),
    scannedAt: look.lookedAt ?? ledger.now,
    observedTime: ledger.observedTime(quay),
  };
  return { outcome, changes, after };
}
