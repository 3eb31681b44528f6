import type { Surroundings } from './choose.ts';
import type { Ledger } from './ledger.ts';
import { type PlacedListener, toListener, type WorktreesByPath } from './listeners.ts';
import { observePort, type PortSight, sightOf } from './liveness.ts';
import type { EphemeralRange, SeenListener } from './observation.ts';
import { historyTimeAt, isSince, observedTimeAt, type ScanStart } from './observed-time.ts';
import type { CleanupPolicy } from './policy.ts';
import type { Allocation, Conflict, Listener } from './registry-model.ts';
import { reviewConfiguredPort, reviewRanges } from './review.ts';
import { reviewSight } from './scan-conflicts.ts';
import { observePaths, type PathSight } from './worktree-paths.ts';

/** What an observer saw of its host in one look. */
export interface HostSight extends ScanStart {
  readonly hostName: string;
  readonly listeners: readonly SeenListener[];
  /** By path, of the registered worktrees; one that is not in it was registered since. */
  readonly paths: ReadonlyMap<string, PathSight>;
  /** Null where it cannot be told. */
  readonly ephemeralRange: EphemeralRange | null;
}

export interface ScanOutcome {
  readonly listeners: readonly Listener[];
  readonly activated: readonly Allocation[];
  readonly deactivated: readonly Allocation[];
  readonly opened: readonly Conflict[];
  readonly resolved: readonly Conflict[];
  /** The worktrees and allocations, by id, that a cleanup may take now. */
  readonly ripe: ReadonlySet<string>;
}

/**
 * Brings what the registry says of a host in line with what its observer saw: liveness, worktrees that
 * are gone, conflicts. No port changes hands by it. The host was loaded whole.
 */
export function decideScan(sight: HostSight, { ledger, policy }: Surroundings): ScanOutcome {
  const { hostName, lookedAt, ephemeralRange } = sight;
  const { now } = ledger;
  const before = ledger.conflicts.changeCount;
  const worktrees: WorktreesByPath = new Map(ledger.worktreesOn(hostName).map((each) => [each.path, each]));
  const placed = sight.listeners.map((seen): PlacedListener => ({ seen, worktrees }));
  const byPort = groupByPort(placed);

  const listeners = placed.map((each) => toListener(each, hostName));
  const times = ledger.timesOf(hostName);
  const [observedTime, historyTime] = [observedTimeAt(sight, times), historyTimeAt(sight, times)];
  ledger.observed({ hostName, seenAt: lookedAt, observedTime, historyTime, listeners });

  // Of what has changed since it began, a scan says nothing.
  const isNewer = (path: string) => isSince(worktrees.get(path)?.registeredAt ?? lookedAt, lookedAt, now);
  const paths = new Map([...sight.paths].filter(([path]) => !isNewer(path)));
  observePaths(paths, hostName, ledger, policy.cleanup);
  const sights = new Map<string, PortSight>();
  const activated: Allocation[] = [];
  const deactivated: Allocation[] = [];
  for (const held of ledger.liveOn(hostName)) {
    if (isSince(held.allocatedAt, lookedAt, now)) continue;
    const portSight = sightOf(held, byPort.get(held.port) ?? []);
    const seen = observePort(held, portSight, ledger, policy.cleanup);
    sights.set(held.id, portSight);
    if (seen.status !== held.status) (seen.status === 'active' ? activated : deactivated).push(seen);
  }
  reviewSight({ hostName, lookedAt, byPort, sights, ephemeralRange }, ledger, policy);
  reviewRanges(ledger, policy, hostName, { refresh: true });
  for (const held of ledger.liveOn(hostName)) reviewConfiguredPort(held, ledger);

  const ripe = ripeIds(ledger, hostName, policy.cleanup);
  return { listeners, activated, deactivated, ripe, ...ledger.conflicts.changedSince(before) };
}

function groupByPort(listeners: readonly PlacedListener[]): Map<number, PlacedListener[]> {
  const byPort = new Map<number, PlacedListener[]>();
  for (const listener of listeners) {
    const { port } = listener.seen;
    byPort.set(port, [...(byPort.get(port) ?? []), listener]);
  }
  return byPort;
}

/** Of worktrees that a cleanup may take away now, and of the allocations that it may. */
function ripeIds(ledger: Ledger, hostName: string, { misses }: CleanupPolicy): Set<string> {
  const gone = ledger.worktreesOn(hostName).filter((worktree) => worktree.misses >= misses);
  const ripe = new Set(gone.map(({ id }) => id));
  const isSilentOrphan = ({ worktreeId, liveness }: Allocation) =>
    worktreeId !== null && ripe.has(worktreeId) && liveness === 'idle';
  const silent = ledger.liveOn(hostName).filter((held) => held.misses >= misses || isSilentOrphan(held));
  return new Set([...ripe, ...silent.map(({ id }) => id)]);
}
