import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeIpv4, writeIpv6 } from '../../src/observer/ip-address.ts';

/** Sixteen bytes of eight groups. */
const bytesOf = (...groups: number[]) => groups.flatMap((group) => [group >> 8, group & 0xff]);

describe('an address', () => {
  it('of IPv4 is dotted', () => {
    expect(writeIpv4([192, 168, 0, 1])).toBe('192.168.0.1');
  });

  it.each([
    { bytes: bytesOf(0, 0, 0, 0, 0, 0, 0, 0), text: '::' },
    { bytes: bytesOf(0, 0, 0, 0, 0, 0, 0, 1), text: '::1' },
    { bytes: bytesOf(0xfe80, 0, 0, 0, 0x0a, 0xbc0d, 0, 1), text: 'fe80::a:bc0d:0:1' },
    { bytes: bytesOf(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), text: '2001:db8::1:0:0:1' },
    { bytes: bytesOf(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), text: '2001:db8:0:1:1:1:1:1' },
    { bytes: bytesOf(1, 2, 3, 4, 5, 6, 0, 0), text: '1:2:3:4:5:6::' },
    { bytes: bytesOf(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1), text: '::ffff:127.0.0.1' },
  ])('of IPv6 is shortened to $text', ({ bytes, text }) => {
    expect(writeIpv6(bytes)).toBe(text);
  });

  it('of IPv6 is one that URL parsers write the same way', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const text = writeIpv6(bytesOf(...groups));
        expect(isIPv6(text)).toBe(true);
        if (!text.includes('.')) expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
      }),
    );
  });
});
