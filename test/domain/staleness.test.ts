import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStale, lastUse } from '../../src/domain/liveness.ts';
import { environments } from '../../src/domain/policy.ts';
import { allocation, fromNoon, noon, seed, smallPolicy } from './seed.ts';

const { cleanup } = smallPolicy;
const day = 86_400_000;

describe('staleness', () => {
  const anyDate = fc.integer({ min: -1_000 * day, max: 0 }).map((ms) => fromNoon(ms));
  const anyHeld = fc.record({
    environment: fc.constantFrom(...environments),
    allocatedAt: anyDate,
    lastActiveAt: fc.option(anyDate, { nil: null }),
    status: fc.constantFrom('allocated' as const, 'active' as const),
  });

  it('never comes upon production, and upon others exactly with the time since their last use', () => {
    fc.assert(
      fc.property(anyHeld, fc.option(anyDate, { nil: undefined }), (facts, lastScan) => {
        const held = allocation(8000, facts);
        const { ledger } = seed({ allocations: [held], ...(lastScan ? { scannedAt: lastScan } : {}) });
        if (held.environment === 'production') expect(isStale(held, ledger, cleanup)).toBe(false);
        else
          expect(isStale(held, ledger, cleanup)).toBe(
            noon.getTime() - lastUse(held, ledger).getTime() >= cleanup.inactiveMs,
          );
      }),
    );
  });

  it.each([
    ['to the millisecond', -cleanup.inactiveMs, true],
    ['and not a millisecond before', -cleanup.inactiveMs + 1, false],
  ])('begins %s', (_what, ms, expected) => {
    const { ledger } = seed();
    expect(isStale(allocation(8000, { allocatedAt: fromNoon(ms) }), ledger, cleanup)).toBe(expected);
  });

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
