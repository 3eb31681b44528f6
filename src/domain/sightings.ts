import type { Allocation } from './registry-model.ts';

/** When a port was looked at, and when its owner was seen listening. */
export type Sightings = Pick<Allocation, 'lastCheckedAt' | 'lastActiveAt'>;

/**
 * An allocation's sightings up to the last look at its host. A row says when something changed; since
 * then every look has found it the same.
 */
export function sightingsOf(
  allocation: Pick<Allocation, 'status' | 'liveness' | 'allocatedAt' | 'lastCheckedAt' | 'lastActiveAt'>,
  scannedAt: Date | null,
): Sightings {
  const { status, liveness, allocatedAt, lastCheckedAt, lastActiveAt } = allocation;
  if (status === 'released' || !scannedAt || scannedAt < allocatedAt) return { lastCheckedAt, lastActiveAt };
  return {
    lastCheckedAt: later(scannedAt, lastCheckedAt),
    lastActiveAt: liveness === 'live' ? later(scannedAt, lastActiveAt) : lastActiveAt,
  };
}

const later = (time: Date, other: Date | null) => (other && other > time ? other : time);
