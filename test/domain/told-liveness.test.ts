import { describe, expect, it } from 'vitest';
import type { Liveness } from '../../src/domain/registry-model.ts';
import { mayListen, toldLiveness } from '../../src/domain/told-liveness.ts';
import { allocation, fromNoon, noon } from './seed.ts';

const every: readonly Liveness[] = ['live', 'idle', 'squatted', 'unknown'];
const scanIntervalMs = 15_000;
const look = (scannedAt: Date | null) => ({ scannedAt, now: noon, scanIntervalMs });

describe('the liveness that is told', () => {
  it.each(every)('is what was seen at a recent look: %s', (liveness) => {
    expect(toldLiveness(allocation(8000, { liveness }), look(fromNoon(-1)))).toBe(liveness);
  });

  it.each([
    ['three intervals and ten seconds ago', fromNoon(-55_000), 'live'],
    ['longer ago', fromNoon(-55_001), 'unknown'],
    ['by a clock that is ahead', fromNoon(60_000), 'live'],
    ['never', null, 'unknown'],
  ] as const)('of a host that was looked at %s', (_when, scannedAt, expected) => {
    expect(toldLiveness(allocation(8000, { liveness: 'live' }), look(scannedAt))).toBe(expected);
  });

  it.each(every)('is unknown once the port is released, whatever was seen before: %s', (liveness) => {
    const released = allocation(8000, { liveness, releasedAt: noon });
    expect(toldLiveness(released, look(noon))).toBe('unknown');
  });
});

describe('whether something may listen', () => {
  it.each([
    ['allocated', 'idle', false],
    ['allocated', 'unknown', false],
    ['allocated', 'squatted', true],
    ['allocated', 'live', true],
    ['active', 'unknown', true],
    ['active', 'live', true],
  ] as const)('on the port of one that is %s and %s: %s', (status, liveness, expected) => {
    expect(mayListen(allocation(8000, { status, liveness }))).toBe(expected);
  });
});
