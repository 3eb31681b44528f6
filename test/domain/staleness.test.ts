import { describe, expect, it } from 'vitest';
import { isStale, lastUse } from '../../src/domain/liveness.ts';
import { environments } from '../../src/domain/policy.ts';
import { allocation, fromNoon, noon, seed, smallPolicy } from './seed.ts';

const { cleanup } = smallPolicy;
const day = 86_400_000;

describe('staleness', () => {
  it.each(environments)('begins with the time that scans have seen it idle, in %s', (environment) => {
    const idleFor = (ms: number) => {
      const held = allocation(8000, { environment, idleSince: fromNoon(-ms), allocatedAt: fromNoon(-400 * day) });
      return isStale(held, seed().ledger, cleanup);
    };
    expect(idleFor(cleanup.inactiveMs)).toBe(environment !== 'production');
    expect(idleFor(cleanup.inactiveMs - 1)).toBe(false);
  });

  it.each([
    ['has not seen it idle', { idleSince: null }, noon],
    ['has begun to count anew', { idleSince: fromNoon(-8 * day) }, fromNoon(-9 * day)],
    ['was never', { idleSince: fromNoon(-8 * day) }, null],
  ])('is not where a scan %s', (_what, facts, observedTime) => {
    const { ledger } = seed({ observedTime });
    expect(isStale(allocation(8000, { ...facts, allocatedAt: fromNoon(-400 * day) }), ledger, cleanup)).toBe(false);
  });
});

describe('the last use', () => {
  it.each([
    ['the last look, where it was just now', -1, -1],
    ['a look of five minutes ago', -300_000, -300_000],
    ['this moment, after any longer gap', -300_001, 0],
    ['this moment, after a very long one', -8 * day, 0],
    ['this moment, where the last look was before it was allocated', -20_001, 0, -20_000],
    ['this moment, where nobody could look', null, 0],
  ])('has what is active used until %s', (_what, scanned, used, allocated = -9 * day) => {
    const scene = scanned === null ? {} : { scannedAt: fromNoon(scanned) };
    for (const liveness of ['live', 'unknown'] as const) {
      const facts = { status: 'active' as const, liveness, allocatedAt: fromNoon(allocated) };
      expect(lastUse(allocation(8000, facts), seed(scene).ledger)).toEqual(fromNoon(used));
    }
  });

  it('goes for what is active by the last look', () => {
    const held = allocation(8000, {
      status: 'active',
      allocatedAt: fromNoon(-9 * day),
      lastActiveAt: fromNoon(-8 * day),
    });
    expect(lastUse(held, seed({ scannedAt: fromNoon(-1) }).ledger)).toEqual(fromNoon(-1));
    expect(lastUse({ ...held, status: 'allocated' }, seed({ scannedAt: fromNoon(-1) }).ledger)).toEqual(
      fromNoon(-8 * day),
    );
  });
});
