import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentOf, isPrivileged, isWithin, sizeOf } from '../../src/domain/policy.ts';
import { asPort, isPort } from '../../src/domain/port.ts';
import { smallPolicy, span } from './seed.ts';

describe('a port', () => {
  it.each([1, 80, 1023, 1024, 8000, 65_535])('may be %s', (value) => {
    expect(isPort(value)).toBe(true);
    expect(asPort(value)).toBe(value);
  });

  it.each([0, -1, 65_536, 8000.5, Number.NaN, Number.POSITIVE_INFINITY])('is never %s', (value) => {
    expect(isPort(value)).toBe(false);
    expect(() => asPort(value)).toThrow(`${value} is not a port: a port is a whole number from 1 to 65535.`);
  });

  it.each([['8000'], [null], [undefined], [{}]])('is a number, not %j', (value) => {
    expect(isPort(value)).toBe(false);
  });

  it.each([
    [1, true],
    [1023, true],
    [1024, false],
    [65_535, false],
  ])('%s needs privileges: %s', (port, privileged) => {
    expect(isPrivileged(port)).toBe(privileged);
  });
});

describe('a range', () => {
  it('contains its start and its end, and nothing beyond', () => {
    const range = span(8000, 8009);
    expect([7999, 8000, 8005, 8009, 8010].map((port) => isWithin(port, range))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(sizeOf(range)).toBe(10);
    expect(sizeOf(span(8000, 8000))).toBe(1);
  });

  it.each([
    [6999, undefined],
    [7000, 'test'],
    [7009, 'test'],
    [7010, undefined],
    [8009, 'dev'],
    [9000, 'production'],
    [9010, undefined],
  ])('says of port %s that it is of the environment %s', (port, environment) => {
    expect(environmentOf(port, smallPolicy)).toBe(environment);
  });

  it('has as many ports as lie within it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 50 }), (start, length) => {
        const range = span(start, start + length);
        const within = Array.from({ length: 300 }, (_, port) => port).filter((port) => isWithin(port, range));
        expect(within).toHaveLength(sizeOf(range));
      }),
    );
  });
});
