import { cutTo, oneLine, widthOf } from './text.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly header: string;
  readonly value: (row: Row) => string | number | null | undefined;
  /** Where it may be cut if the terminal is too narrow. Default: nowhere. */
  readonly cut?: 'middle' | 'end';
  readonly align?: 'right';
  /** Colours a cell that is padded already. */
  readonly paint?: (text: string, row: Row) => string;
}

/** Narrower than this, a column that may be cut says nothing any more. */
const narrowest = 8;
const gap = '  ';

/** Lines of a table for people, at most `width` columns wide as long as its uncut columns leave room. */
export function alignedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, header }: { readonly width: number; readonly header: (text: string) => string },
): string[] {
  const cells = rows.map((row) => columns.map(({ value }) => oneLine(String(value(row) ?? '-'))));
  const natural = columns.map((column, index) =>
    cells.reduce((most, line) => Math.max(most, widthOf(line[index] ?? '')), widthOf(column.header)),
  );
  const widths = fittedWidths(columns, natural, width - gap.length * (columns.length - 1));
  const lineOf = (texts: readonly string[], paint: (text: string, index: number) => string) =>
    columns
      .map(({ cut = 'end', align }, index) => {
        const text = cutTo(texts[index] ?? '', widths[index] ?? 0, cut);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
        if (align === 'right') return paint(`${padding}${text}`, index);
        return index === columns.length - 1 ? paint(text, index) : paint(`${text}${padding}`, index);
      })
      .join(gap);
  const headers = columns.map((column) => column.header.toUpperCase());
  return [
    header(lineOf(headers, (text) => text)),
    ...rows.map((row, at) => lineOf(cells[at] ?? [], (text, index) => columns[index]?.paint?.(text, row) ?? text)),
  ];
}

/** Lines for programs: a header, then the values as they are, with tabs between them. */
export function tabbedTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const lines = rows.map((row) => columns.map(({ value }) => oneLine(String(value(row) ?? ''))));
  return [columns.map(({ header }) => header), ...lines].map((line) => line.join('\t'));
}

/** Takes from the widest of the columns that may be cut until all fit, or all are as narrow as may be. */
function fittedWidths<Row>(columns: readonly Column<Row>[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const [widest] = columns
      .map(({ cut }, index) => ({ index, width: cut ? (widths[index] ?? 0) : 0 }))
      .filter(({ width }) => width > narrowest)
      .toSorted((a, b) => b.width - a.width);
    if (!widest) break;
    widths[widest.index] = widest.width - 1;
    excess -= 1;
  }
  return widths;
}
