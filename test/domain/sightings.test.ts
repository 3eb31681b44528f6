import { describe, expect, it } from 'vitest';
import { sightingsOf } from '../../src/domain/sightings.ts';
import { allocation, fromNoon } from './seed.ts';

const written = { allocatedAt: fromNoon(0), lastCheckedAt: fromNoon(10), lastActiveAt: fromNoon(5) };

describe('the sightings of an allocation', () => {
  it.each([
    ['active: both follow the looks', { ...written, status: 'active' as const }, 20, 20, 20],
    ['allocated: only the looks do', { ...written, status: 'allocated' as const }, 20, 20, 5],
    ['released: as they were', { ...written, status: 'released' as const }, 20, 10, 5],
    ['never looked at since: as they were', { ...written, status: 'active' as const }, null, 10, 5],
    ['written after the last look: the later', { ...written, status: 'active' as const }, 7, 10, 7],
    ['allocated after the last look: none', { allocatedAt: fromNoon(30), status: 'active' as const }, 20, null, null],
    ['looked at in the moment it was allocated', { allocatedAt: fromNoon(20), status: 'active' as const }, 20, 20, 20],
    ['never active: never', { allocatedAt: fromNoon(0), status: 'allocated' as const }, 20, 20, null],
  ])('%s', (_what, facts, scannedAt, lastCheckedAt, lastActiveAt) => {
    expect(sightingsOf(allocation(8000, facts), scannedAt === null ? null : fromNoon(scannedAt))).toEqual({
      lastCheckedAt: lastCheckedAt === null ? null : fromNoon(lastCheckedAt),
      lastActiveAt: lastActiveAt === null ? null : fromNoon(lastActiveAt),
    });
  });
});
