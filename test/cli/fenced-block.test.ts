import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AmbiguousBlock,
  hashFence,
  htmlFence,
  putBlock,
  shellFence,
  slashFence,
  splitAtBlock,
  takeBlockOut,
} from '../../src/cli/fenced-block.ts';

const { begin, end } = hashFence;
const block = `${begin}\nPORT=1\n${end}`;
const put = (text: string) => putBlock(text, ['PORT=1'], hashFence, 'end');

describe('a block in a file', () => {
  it.each([
    ['an empty file', '', `${block}\n`],
    ['a file', 'A=1\n', `A=1\n${block}\n`],
    ['a file without a line break at its end', 'A=1', `A=1\n${block}`],
    ['a file with blank lines at its end', 'A=1\n\n\n', `A=1\n\n\n${block}\n`],
    ['a file with carriage returns', 'A=1\r\nB=2', `A=1\r\nB=2\r\n${block.replaceAll('\n', '\r\n')}`],
    ['a file whose first line has no carriage return', 'A=1\nB=2\r\n', `A=1\nB=2\r\n${block}\n`],
    ['a file with a byte order mark', '\uFEFFA=1\n', `\uFEFFA=1\n${block}\n`],
  ])('is put at the end of %s', (_what, text, expected) => {
    expect(put(text)).toBe(expected);
    expect(takeBlockOut(expected, hashFence)).toBe(text);
  });

  it.each([
    ['at the beginning', `${begin}\nPORT=2\nWEB=3\n${end}\nA=1`, `${block}\nA=1`],
    ['in the middle', `A=1\n${begin}\n${end}\nB=2\n`, `A=1\n${block}\nB=2\n`],
    ['at the end, without a line break', `A=1\n${begin}\nPORT=2\n${end}`, `A=1\n${block}`],
    ['with carriage returns', `A=1\n${begin}\r\n${end}\r\nB=2`, `A=1\n${block.replaceAll('\n', '\r\n')}\r\nB=2`],
    ['with white space around its markers', `A=1\n  ${begin}\t\nPORT=2\n${end} \n`, `A=1\n${block}\n`],
  ])('is replaced where it is, %s', (_where, text, expected) => {
    expect(put(text)).toBe(expected);
    expect(put(expected)).toBe(expected);
  });

  it.each([
    ['ends twice', `${begin}\n${end}\n${end}\n`, 'one beginning and 2 ends (lines 1, 2, 3)'],
    ['begins twice', `${begin}\n${begin}\n${end}\n`, '2 beginnings and one end (lines 1, 2, 3)'],
    ['is there twice', `${block}\n${block}\n`, '2 beginnings and 2 ends (lines 1, 3, 4, 6)'],
    ['has no end', `A=1\n${begin}\nB=2\n`, 'one beginning and no ends (line 2)'],
    ['has no beginning', `A=1\n${end}`, 'no beginnings and one end (line 2)'],
    ['ends before it begins', `${end}\n${begin}\n`, 'its end before its beginning (lines 1, 2)'],
  ])('is ambiguous where it %s', (_how, text, why) => {
    const message = `has a block of Wharfinger's with ${why}`;
    for (const act of [put, (given: string) => takeBlockOut(given, hashFence)]) {
      expect(() => act(text)).toThrow(AmbiguousBlock);
      expect(() => act(text)).toThrow(message);
    }
  });

  it.each([`A="${begin}"\n`, `echo ${begin}\n`, `${begin} and more\n`, `#>>> wharfinger >>>\n`, `${end}.\n`])(
    'does not begin or end within other text: %j',
    (text) => {
      expect(splitAtBlock(text, hashFence)).toBeNull();
      expect(put(text)).toBe(`${text}${block}\n`);
    },
  );

  it('never has its own marker among its lines', () => {
    expect(() => putBlock('', ['A=1', ` ${end}`], hashFence, 'end')).toThrow('marker');
  });

  it.each([
    ['#!/bin/sh\nexit 0\n', `#!/bin/sh\n${block}\nexit 0\n`],
    ['#!/bin/sh', `#!/bin/sh\n${block}`],
    ['#!/bin/sh\r\nexit 0\r\n', `#!/bin/sh\r\n${block}\nexit 0\r\n`],
  ])('goes below the first line where that is asked: %j', (text, expected) => {
    expect(putBlock(text, ['PORT=1'], shellFence, 'second-line')).toBe(expected);
    expect(takeBlockOut(expected, shellFence)).toBe(text);
  });
});

const fences = fc.constantFrom(hashFence, shellFence, slashFence, htmlFence);
const places = fc.constantFrom('end' as const, 'second-line' as const);
const pieces = fc.constantFrom('A=1', '\n', '\r\n', '\r', ' ', '# >>> wharfinger', '>>>', 'é', '"', '\0', '#!/bin/sh');
const texts = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
const lines = fc.array(fc.stringMatching(/^[A-Z]{1,3}=[0-9]{0,3}$/), { maxLength: 4 });

describe('whatever the file', () => {
  it('keeps everything outside of the block, and gives it back as it was', () => {
    fc.assert(
      fc.property(texts, lines, fences, places, (text, block, fence, place) => {
        fc.pre(!text.includes(fence.begin));
        const written = putBlock(text, block, fence, place);
        expect(takeBlockOut(written, fence)).toBe(text);
        expect(written.length).toBeGreaterThan(text.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has one block after any number of writes, the last', () => {
    fc.assert(
      fc.property(texts, lines, lines, fences, places, (text, first, second, fence, place) => {
        fc.pre(!text.includes(fence.begin));
        const once = putBlock(text, second, fence, place);
        expect(putBlock(putBlock(text, first, fence, place), second, fence, place)).toBe(once);
        expect(putBlock(once, second, fence, place)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });
});
