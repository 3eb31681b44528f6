import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/refusals.ts';
import { parseRegistryFile } from '../../src/interchange/formats.ts';
import { registryFormats } from '../../src/interchange/registry-file.ts';
import { toImportRows } from '../../src/schema/import-rows.ts';
import { exported, refusal, write } from './contents.ts';

/** Texts that look a little like files. */
const fileLike = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        "'",
        '|',
        '---|---|\n',
        '|port|service|\n',
        'port,service\n',
        '\r\n',
        '\n',
        '\r',
      ],
      ...[
        '"allocations":',
        '"ports":',
        '"format":"wharfinger"',
        '"version":1',
        '"8000":',
        '"port":8000',
        '\\',
        '\0',
        '\uFEFF',
      ],
      ...['8000', '-1', '1e999', '"__proto__"', 'null', '\ud800', '=1+1', '```', '<br>', '&#0;', '[service:%', ' '],
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

describe.each(registryFormats)('a text given as %s', (format) => {
  it('is read or refused whatever it is, and so is each of its rows', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fileLike, fc.json());
    fc.assert(
      fc.property(text, (content) => {
        const file = parseRegistryFile(format, content);
        if (isRefusal(file)) expect(file.issues).toMatchObject([{ path: ['content'] }]);
        else for (const row of toImportRows(file, () => 'quay')) expect(row.line).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused, cut off anywhere', () => {
    const whole = write(format, exported(8_000, { description: 'a "b"\n|c' }), exported(8_001, { serviceName: "'=x" }));
    for (let length = 0; length < whole.length; length++) {
      const file = parseRegistryFile(format, whole.slice(0, length));
      if (!isRefusal(file)) expect(file.claims.length).toBeLessThanOrEqual(2);
    }
  });

  it.each([
    ['a million brackets', '['.repeat(1e6)],
    ['a deep object', `{"allocations":${'[{"port":'.repeat(1e5)}`],
    ['a million quotes', '"'.repeat(1e6)],
    ['a million backslashes', `{"a":"${'\\'.repeat(1e6)}`],
    ['a million bars', '|'.repeat(1e6)],
    ['a million empty lines', `port,service\n${'\n'.repeat(1e6)}8000,web`],
    ['a million line breaks', '\n'.repeat(1e6)],
    ['a file of another program', '%PDF-1.7\n\0\u0001\u0002'],
    ['nothing', ''],
    ['white space', ' \r\n\t\uFEFF '],
  ])('is read or refused: %s', (_what, text) => {
    const file = parseRegistryFile(format, text);
    if (!isRefusal(file)) expect(file.claims.length).toBeLessThanOrEqual(1);
  });

  it('has at most ten thousand rows', () => {
    const many = Array.from({ length: 10_001 }, (_, index) => exported(1_024 + index));
    expect(refusal(format, write(format, ...many))).toBe('content: It has more than 10000 rows: import it in parts.');
    const file = parseRegistryFile(format, write(format, ...many.slice(1)));
    expect(!isRefusal(file) && file.claims).toHaveLength(10_000);
  });
});
