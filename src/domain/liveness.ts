import type { Ledger } from './ledger.ts';
import { type Bearing, describeListener, judgeListener, type PlacedListener } from './listeners.ts';
import { ownerOfPort } from './owner.ts';
import type { CleanupPolicy } from './policy.ts';
import type { Allocation, Liveness } from './registry-model.ts';
import { sightingsOf } from './sightings.ts';

/** A held port as it was just seen: what that means for it, and which listener says so. */
export interface PortSight {
  readonly liveness: Liveness;
  /** The owner's, else a squatter's, else one that cannot be told; undefined where nobody listens. */
  readonly listener: PlacedListener | undefined;
}

const livenessOf: Record<Bearing, Liveness> = { owner: 'live', squatter: 'squatted', unclear: 'unknown' };

/** What listens on a held port, by whose it is. Where several do and the owner is among them, the port is live. */
export function sightOf(held: Allocation, listeners: readonly PlacedListener[]): PortSight {
  const owner = ownerOfPort(held);
  for (const bearing of ['owner', 'squatter', 'unclear'] as const) {
    const listener = listeners.find((each) => judgeListener(each, owner) === bearing);
    if (listener) return { liveness: livenessOf[bearing], listener };
  }
  return { liveness: 'idle', listener: undefined };
}

/**
 * Writes what was seen of a held port: an event where its owner has begun or ceased to listen. Where that
 * cannot be told, its status stays what it was.
 */
export function observePort(
  held: Allocation,
  { liveness, listener }: PortSight,
  ledger: Ledger,
  cleanup: CleanupPolicy,
): Allocation {
  const isStatusClear = liveness !== 'unknown';
  const status = isStatusClear ? (liveness === 'live' ? 'active' : 'allocated') : held.status;
  const processId = liveness === 'live' ? (listener?.seen.process?.id ?? null) : held.processId;
  const idleSince = liveness === 'idle' ? idleFrom(held, ledger) : null;
  const misses = isStale({ ...held, idleSince }, ledger, cleanup) ? Math.min(held.misses + 1, cleanup.misses) : 0;
  const seen: Allocation = { ...held, status, liveness, processId, misses, idleSince };
  if (status === held.status) {
    const isSame =
      liveness === held.liveness &&
      processId === held.processId &&
      misses === held.misses &&
      idleSince?.getTime() === held.idleSince?.getTime();
    // What is no longer seen listening is written with when it was last.
    return isSame ? held : ledger.observe({ ...seen, ...sightingsOf(held, ledger.scannedAt(held.hostName)) });
  }
  const { now } = ledger;
  if (status === 'active') {
    const cause = listener ? `seen listening: ${describeListener(listener)}` : null;
    return ledger.record('activated', { ...seen, lastCheckedAt: now, lastActiveAt: now }, cause);
  }
  const cause = listener ? `no longer listening: ${describeListener(listener)} is on its port` : 'no longer listening';
  return ledger.record('deactivated', { ...seen, lastCheckedAt: now, lastActiveAt: lastUse(held, ledger) }, cause);
}

/** Since when the port has been idle, where a scan finds it so. */
function idleFrom(held: Allocation, ledger: Ledger): Date | null {
  const now = ledger.observedTime(held.hostName);
  // Observed time that was lost with the database begins anew: a claim is younger then, never older.
  const isOngoing = held.liveness === 'idle' && held.idleSince && now && held.idleSince <= now;
  return isOngoing ? held.idleSince : now;
}

/** For how long scans have seen the port idle, in milliseconds of its host's observed time. */
export function idleMs({ hostName, idleSince }: Allocation, ledger: Ledger): number {
  const now = ledger.observedTime(hostName);
  return idleSince && now ? Math.max(0, now.getTime() - idleSince.getTime()) : 0;
}

/** Whether scans have seen it idle for so long that a cleanup may take it. Production never is. */
export function isStale(held: Allocation, ledger: Ledger, { inactiveMs }: CleanupPolicy): boolean {
  return held.environment !== 'production' && idleMs(held, ledger) >= inactiveMs;
}

/** A claim that its owner asks for again is written at most so often. */
const renewalMs = 3_600_000;

/** Counts a claim as used because its owner asked for it again. It may be written up to an hour late. */
export function renew(held: Allocation, ledger: Ledger): Allocation {
  if (idleMs(held, ledger) < renewalMs) return held;
  return ledger.observe({ ...held, idleSince: ledger.observedTime(held.hostName), misses: 0 });
}

/** Looks that are further apart than this leave a gap, in which anything may have been used. */
const longestGapMs = 300_000;

/**
 * When its owner was last seen listening, or got it. What was active before a gap, because nobody could look or the
 * server was down, may have been in use until now.
 */
export function lastUse(held: Allocation, ledger: Ledger): Date {
  const scannedAt = ledger.scannedAt(held.hostName);
  if (held.status === 'active') {
    const hasGap = !scannedAt || ledger.now.getTime() - scannedAt.getTime() > longestGapMs;
    if (hasGap || scannedAt < held.allocatedAt) return ledger.now;
    // It was seen to begin at the end of a look, which counts from its beginning.
    return held.lastActiveAt && held.lastActiveAt > scannedAt ? held.lastActiveAt : scannedAt;
  }
  const { lastActiveAt } = sightingsOf(held, scannedAt);
  return lastActiveAt && lastActiveAt > held.allocatedAt ? lastActiveAt : held.allocatedAt;
}
