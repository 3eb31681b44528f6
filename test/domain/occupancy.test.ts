import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Occupancy } from '../../src/domain/occupancy.ts';
import { asPort } from '../../src/domain/port.ts';
import { fromNoon, noon, span } from './seed.ts';

/** Around the edges of words, of the first and of the last port. */
const anyPort = fc.oneof(
  fc.integer({ min: 1, max: 130 }),
  fc.integer({ min: 65_440, max: 65_535 }),
  fc.constantFrom(31, 32, 33, 63, 64, 95, 96, 65_503, 65_504, 65_535),
);
const change = fc.oneof(
  fc.record({ kind: fc.constant('hold' as const), port: anyPort }),
  fc.record({ kind: fc.constant('release' as const), port: anyPort }),
  fc.record({ kind: fc.constant('fill' as const), port: anyPort }),
);

/** Holds the 70 ports from here on: whole words among them. */
const run = (port: number) => Array.from({ length: 70 }, (_, index) => port + index).filter((each) => each <= 65_535);

describe('occupancy', () => {
  it('agrees with a set of the held ports, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), anyPort, anyPort, (changes, one, other) => {
        const occupancy = new Occupancy();
        const held = new Set<number>();
        for (const { kind, port } of changes) {
          if (kind === 'release') {
            occupancy.release(port, { owner: 'nobody', releasedAt: noon });
            held.delete(port);
            continue;
          }
          for (const each of kind === 'fill' ? run(port) : [port]) {
            occupancy.hold(each);
            held.add(each);
          }
        }
        const range = span(Math.min(one, other), Math.max(one, other));
        const within = Array.from({ length: range.end - range.start + 1 }, (_, index) => range.start + index);
        expect([...occupancy.free(range)]).toEqual(within.filter((port) => !held.has(port)));
        expect(occupancy.heldWithin(range)).toBe(within.filter((port) => held.has(port)).length);
        for (const port of [...held, one, other]) expect(occupancy.isHeld(port)).toBe(held.has(port));
      }),
      { numRuns: 50 }, // a span may be of all ports
    );
  });

  it('counts what is held as one by one, wherever a span begins and ends in a word', () => {
    const near = fc.integer({ min: 1, max: 160 });
    fc.assert(
      fc.property(fc.uniqueArray(near, { maxLength: 160, size: 'max' }), near, near, (held, one, other) => {
        const occupancy = new Occupancy();
        for (const port of held) occupancy.hold(port);
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        expect(occupancy.heldWithin(span(start, end))).toBe(held.filter((port) => port >= start && port <= end).length);
      }),
      { numRuns: 500 },
    );
  });

  it('is empty at first, from the lowest port to the highest', () => {
    const occupancy = new Occupancy();
    const free = [...occupancy.free(span(1, 65_535))];
    expect(free).toHaveLength(65_535);
    expect(free.at(0)).toBe(1);
    expect(free.at(-1)).toBe(65_535);
  });

  it('has no free port once all are held', () => {
    const occupancy = new Occupancy();
    for (let port = 1; port <= 65_535; port++) occupancy.hold(port);
    expect([...occupancy.free(span(1, 65_535))]).toEqual([]);
    expect(occupancy.heldWithin(span(1, 65_535))).toBe(65_535);
  });

  it('finds the only free port of a full range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8000, max: 8999 }), (gap) => {
        const occupancy = new Occupancy();
        for (let port = 8000; port <= 8999; port++) if (port !== gap) occupancy.hold(port);
        expect([...occupancy.free(span(8000, 8999))]).toEqual([gap]);
      }),
    );
  });

  it('remembers the last release of a port, also while it is held again', () => {
    const occupancy = new Occupancy();
    expect(occupancy.lastRelease(8000)).toBeUndefined();
    occupancy.release(8000, { owner: 'codebase:shop', releasedAt: noon });
    occupancy.release(8000, { owner: 'codebase:bank', releasedAt: fromNoon(5) });
    occupancy.hold(8000);
    expect(occupancy.lastRelease(8000)).toEqual({ owner: 'codebase:bank', releasedAt: fromNoon(5) });
    expect(occupancy.isHeld(asPort(8000))).toBe(true);
  });

  it('keeps the last release though an older one is told after it', () => {
    const occupancy = new Occupancy();
    occupancy.release(8000, { owner: 'codebase:shop', releasedAt: noon });
    occupancy.release(8000, { owner: 'codebase:bank', releasedAt: fromNoon(-1) });
    expect(occupancy.lastRelease(8000)).toEqual({ owner: 'codebase:shop', releasedAt: noon });
  });

  it('may hold a port twice and release it once', () => {
    const occupancy = new Occupancy();
    occupancy.hold(8000);
    occupancy.hold(8000);
    occupancy.release(8000, { owner: 'nobody', releasedAt: noon });
    expect(occupancy.isHeld(8000)).toBe(false);
  });
});
