import { describe, expect, it } from 'vitest';
import type { Allocation } from '../../src/domain/registry-model.ts';
import { sightingsOf } from '../../src/domain/sightings.ts';
import { allocation, fromNoon } from './seed.ts';

const written = { allocatedAt: fromNoon(0), lastCheckedAt: fromNoon(10), lastActiveAt: fromNoon(5) };
const live = { status: 'active', liveness: 'live' } as const;

describe('the sightings of an allocation', () => {
  it.each<[string, Partial<Omit<Allocation, 'owner' | 'port'>>, number | null, number | null, number | null]>([
    ['live: both follow the looks', { ...written, ...live }, 20, 20, 20],
    ['active, but not to be told: only the looks do', { ...written, ...live, liveness: 'unknown' }, 20, 20, 5],
    ['idle: only the looks do', { ...written, liveness: 'idle' }, 20, 20, 5],
    ['squatted: only the looks do', { ...written, liveness: 'squatted' }, 20, 20, 5],
    ['released: as they were', { ...written, ...live, status: 'released' }, 20, 10, 5],
    ['never looked at since: as they were', { ...written, ...live }, null, 10, 5],
    ['written after the last look: the later', { ...written, ...live }, 7, 10, 7],
    ['written after the last look as live: the later', { ...written, ...live, lastActiveAt: fromNoon(9) }, 7, 10, 9],
    ['allocated after the last look: none', { allocatedAt: fromNoon(30), ...live }, 20, null, null],
    ['looked at in the moment it was allocated', { allocatedAt: fromNoon(20), ...live }, 20, 20, 20],
    ['never active: never', { allocatedAt: fromNoon(0) }, 20, 20, null],
  ])('%s', (_what, facts, scannedAt, lastCheckedAt, lastActiveAt) => {
    expect(sightingsOf(allocation(8000, facts), scannedAt === null ? null : fromNoon(scannedAt))).toEqual({
      lastCheckedAt: lastCheckedAt === null ? null : fromNoon(lastCheckedAt),
      lastActiveAt: lastActiveAt === null ? null : fromNoon(lastActiveAt),
    });
  });
});
