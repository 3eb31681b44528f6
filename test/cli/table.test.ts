import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';
import { alignedTable, type Column, tabbedTable } from '../../src/cli/table.ts';
import { cutTo, widthOf } from '../../src/cli/text.ts';

interface Row {
  readonly port: number;
  readonly service: string;
  readonly owner: string | null;
}

const columns: Column<Row>[] = [
  { header: 'port', value: ({ port }) => port, align: 'right' },
  { header: 'service', value: ({ service }) => service, cut: 'end' },
  { header: 'owner', value: ({ owner }) => owner, cut: 'middle' },
];
const longRow: Row = {
  port: 443,
  service: 'a-service-with-a-name-that-goes-on-and-on-'.repeat(3),
  owner: `/home/somebody/${'very/'.repeat(20)}deep/shop-cart`,
};
const plain = (width: number) => ({ width, header: (text: string) => text });

describe('a table for people', () => {
  it.each([80, 200])('fits into %d columns, and shows the ends of long paths', (width) => {
    const lines = alignedTable(columns, [longRow, { port: 8000, service: 'web', owner: null }], plain(width));
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^PORT {2}SERVICE +OWNER/);
    expect(lines[1]).toMatch(/^ 443 {2}a-service-with.*… {2}\/home\/.*….*shop-cart$/);
    expect(lines[2]).toMatch(/^8000 {2}web +-$/);
  });

  it('cuts nothing that fits', () => {
    const lines = alignedTable(columns, [{ port: 1, service: 'web', owner: '/src/shop' }], plain(80));
    expect(lines).toEqual(['PORT  SERVICE  OWNER', '   1  web      /src/shop']);
  });

  it('aligns a thousand rows', () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ ...longRow, port: index + 1 }));
    const lines = alignedTable(columns, rows, plain(80));
    expect(lines).toHaveLength(1_001);
    expect(new Set(lines.slice(1).map((line) => line.indexOf('  a-service')))).toEqual(new Set([4]));
  });

  it('keeps names from moving the cursor or changing colours', () => {
    const [, line] = alignedTable(columns, [{ port: 1, service: '\x1b[2Jweb\nx', owner: '日本' }], plain(80));
    expect(line).toBe('   1  �[2Jweb x  日本');
  });
});

it('a table for programs has tabs between the values, which are whole', () => {
  const lines = tabbedTable(columns, [longRow, { port: 8000, service: 'web', owner: null }]);
  expect(lines[0]).toBe('port\tservice\towner');
  expect(lines[1]?.split('\t')).toEqual(['443', longRow.service, longRow.owner]);
  expect(lines[2]).toBe('8000\tweb\t');
});

it('a cut text is never wider than it may be, whatever is in it', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const where = fc.constantFrom<('middle' | 'end')[]>('middle', 'end');
  fc.assert(
    fc.property(text, fc.nat(70), where, (whole, width, end) => {
      const cut = cutTo(whole, width, end);
      expect(widthOf(cut)).toBeLessThanOrEqual(width);
      if (widthOf(whole) <= width) expect(cut).toBe(whole);
    }),
  );
});

describe('output', () => {
  const written = (isTTY: boolean, environment: NodeJS.ProcessEnv, columnCount = 80) => {
    const texts: string[] = [];
    const write = (text: string | Uint8Array) => texts.push(String(text)) > 0;
    const stdout = { isTTY, columns: columnCount, write };
    const output = createOutput({ stdout, stderr: { write: () => true } }, environment);
    output.table(columns, [longRow]);
    output.line(output.paint('red', 'red'));
    return texts.join('');
  };

  it('is coloured on a terminal, fitted to its width', () => {
    const text = written(true, { TERM: 'xterm' });
    expect(text).toContain('\x1b[31mred\x1b[39m');
    expect(text).toContain('…');
  });

  it.each([
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['NO_COLOR and FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['TERM=dumb', true, { TERM: 'dumb' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a pipe', false, {}, false],
    ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
  ])('with %s', (_name, isTTY, environment, isColoured) => {
    expect(written(isTTY, environment).includes('\x1b[')).toBe(isColoured);
  });
});
