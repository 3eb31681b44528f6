import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnprintable, printableJson, printableLines, replaceUnprintable } from '../../src/domain/printable.ts';

const unprintable = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  ...[0x061c, 0x200e, 0x200f, 0x2028, 0x2029],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
];

describe('a character that cannot be printed', () => {
  it('is found, and named by its code', () => {
    for (let code = 0; code <= 0xffff; code += 1) {
      const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
      expect(findUnprintable(`a${String.fromCharCode(code)}b`)).toBe(unprintable.includes(code) ? name : undefined);
    }
    expect(findUnprintable('größe 港 👩‍👩‍👧 عربى')).toBeUndefined();
  });

  it('is replaced, in lines all but their ends and tabs', () => {
    const text = 'a\u001B[31m\u009Bb\u202E\tc\u2028\nd';
    expect(replaceUnprintable(text, '?')).toBe('a?[31m?b??c??d');
    expect(printableLines(text)).toBe('a�[31m�b�\tc�\nd');
  });

  it('is an escape in JSON, which says the same', () => {
    const units = [...unprintable.map((code) => String.fromCharCode(code)), '"', '\\', 'a', 'ü'];
    const texts = fc.string({ unit: fc.constantFrom(...units) });
    fc.assert(
      fc.property(fc.dictionary(texts, texts), fc.constantFrom(0, 2), (value, indent) => {
        const json = printableJson(JSON.stringify(value, null, indent));
        expect(JSON.parse(json)).toEqual(value);
        expect(findUnprintable(json.replaceAll('\n', ''))).toBeUndefined();
      }),
    );
  });
});
