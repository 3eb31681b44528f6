import type { Finding } from './conflict-book.ts';
import {
  allocatedWhileListening,
  orphanedWorktree,
  overlapOf,
  portSquatted,
  rangeOverlap,
  unregisteredListener,
} from './conflicts.ts';
import type { Ledger } from './ledger.ts';
import type { PlacedListener } from './listeners.ts';
import type { PortSight } from './liveness.ts';
import type { EphemeralRange } from './observation.ts';
import { environmentOf, environments, isWithin, type Policy, type PortSpan } from './policy.ts';
import type { Port } from './port.ts';
import type { Allocation, ConflictKind } from './registry-model.ts';

/** The kinds of conflict that only a look at the host can tell. */
const seenKinds: ReadonlySet<ConflictKind> = new Set([
  'port_squatted',
  'unregistered_listener',
  'allocated_while_listening',
  'orphaned_worktree',
  'range_overlap',
]);

interface Sight {
  readonly hostName: string;
  readonly lookedAt: Date;
  readonly byPort: ReadonlyMap<number, readonly PlacedListener[]>;
  /** Of each live allocation, by its id. */
  readonly sights: ReadonlyMap<string, PortSight>;
  readonly ephemeralRange: EphemeralRange | null;
}

/** Raises the conflicts that a look at a host shows, brings those that last up to date, and settles the others. */
export function reviewSight(sight: Sight, ledger: Ledger, policy: Policy): void {
  const live = ledger.liveOn(sight.hostName);
  const findings = [
    ...squatted(live, sight, ledger),
    ...stillForced(live, sight, ledger),
    ...unregistered(live, sight, ledger, policy),
    ...orphaned(live, sight.hostName, ledger),
    ...overlapping(sight, policy),
  ];
  for (const finding of findings) ledger.conflicts.raise(finding);
  const causes = new Set(findings.map(({ cause }) => cause));
  for (const conflict of ledger.conflicts.on(sight.hostName).all()) {
    if (!seenKinds.has(conflict.kind) || causes.has(conflict.cause)) continue;
    if (conflict.detectedAt > sight.lookedAt) continue; // the look may have been too early for it
    const cannotBeTold = conflict.kind === 'range_overlap' && !sight.ephemeralRange;
    if (!cannotBeTold) ledger.conflicts.settle(conflict);
  }
}

/** Of a port that was taken by force, the conflict of that says it already. */
function squatted(live: readonly Allocation[], { hostName, sights }: Sight, ledger: Ledger): Finding[] {
  const forced = new Set(forcedClaims(ledger, hostName));
  return live.flatMap((held) => {
    const { liveness, listener } = sights.get(held.id) ?? {};
    if (forced.has(held.id)) return [];
    return liveness === 'squatted' && listener ? [portSquatted(held, listener)] : [];
  });
}

/** A port that was taken by force stays a conflict for as long as something listens that is not the owner's. */
function stillForced(live: readonly Allocation[], { hostName, sights }: Sight, ledger: Ledger): Finding[] {
  const forced = new Set(forcedClaims(ledger, hostName));
  return live.flatMap((held) => {
    if (!forced.has(held.id)) return [];
    const { liveness, listener } = sights.get(held.id) ?? {};
    return listener && liveness !== 'live' ? [allocatedWhileListening(held, listener)] : [];
  });
}

/** The claims that were taken by force, and whose conflict lasts, dismissed or not. */
function forcedClaims(ledger: Ledger, hostName: string): string[] {
  const conflicts = ledger.conflicts.on(hostName).all();
  return conflicts.flatMap(({ kind, allocationId }) =>
    kind === 'allocated_while_listening' && allocationId !== null ? [allocationId] : [],
  );
}

/** Reserved ports are spoken for: what listens there is known to whoever reserved them. */
function unregistered(
  live: readonly Allocation[],
  { hostName, lookedAt, byPort }: Sight,
  ledger: Ledger,
  policy: Policy,
): Finding[] {
  const held = new Set<number>(live.map(({ port }) => port));
  const occupancy = ledger.occupancy(hostName);
  // Whoever released it since the look was perhaps who listened.
  const wasHeld = (port: number) => Number(occupancy.lastRelease(port)?.releasedAt ?? 0) > lookedAt.getTime();
  return [...byPort].flatMap(([port, [listener]]) => {
    const environment = listener && environmentOf(listener.seen.port, policy);
    if (!environment || held.has(port) || wasHeld(port) || policy.reserved.has(port)) return [];
    return [unregisteredListener(hostName, environment, listener)];
  });
}

function orphaned(live: readonly Allocation[], hostName: string, ledger: Ledger): Finding[] {
  return ledger.worktreesOn(hostName).flatMap((worktree) => {
    if (!worktree.missingSince) return [];
    const held = live.filter(({ worktreeId }) => worktreeId === worktree.id); // few are missing
    return held.length > 0 ? [orphanedWorktree(worktree, held)] : [];
  });
}

function overlapping({ hostName, ephemeralRange }: Sight, { ranges }: Policy): Finding[] {
  if (!ephemeralRange) return [];
  return environments.flatMap((environment) => {
    const range = ranges[environment];
    const overlap = withoutReserved(overlapOf(range, ephemeralRange), ephemeralRange.reserved);
    return overlap ? [rangeOverlap(hostName, { environment, range, overlap })] : [];
  });
}

/** From the first to the last port of a span that a connection may be given; the system keeps reserved ones for whoever asks for them. */
function withoutReserved(span: PortSpan | undefined, reserved: readonly PortSpan[]): PortSpan | undefined {
  if (!span) return undefined;
  const given: Port[] = [];
  for (let port: number = span.start; port <= span.end; port++) {
    if (!reserved.some((each) => isWithin(port, each))) given.push(port as Port); // inside a span of ports
  }
  const [start] = given;
  const end = given.at(-1);
  return start === undefined || end === undefined ? undefined : { start, end };
}
