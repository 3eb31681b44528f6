import MarkdownIt, { type Token } from 'markdown-it';

interface MarkdownRow {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface MarkdownTable {
  readonly header: readonly string[];
  readonly rows: readonly MarkdownRow[];
}

/** With HTML, so that its comments hide what is in them. Of what is no table, only blocks are parsed. */
const blocks = new MarkdownIt({ html: true }).disable(['inline', 'text_join']);

/**
 * The tables of a document as GitHub renders them (https://github.github.com/gfm/#tables-extension-), of which those
 * that `isWanted` by their headings are read. A line without a bar is none of their rows.
 */
export function readTables(text: string, isWanted: (header: readonly string[]) => boolean): MarkdownTable[] {
  const env: { references?: References } = {};
  const tokens = blocks.parse(text, env);
  const lines = text.split(/\r\n|\n|\r/);
  // A footnote of one word is no link.
  const links = Object.entries(env.references ?? {}).filter(([label]) => !label.startsWith('^'));
  const references = Object.fromEntries(links);
  const read = (cell: string) => readCell(cell, references);
  const tables: MarkdownTable[] = [];
  for (const [head, ...rows] of tablesOf(tokens)) {
    const header = head?.cells.map(read) ?? [];
    if (!isWanted(header)) continue;
    const real = rows.filter(({ line }) => lines[line - 1]?.includes('|'));
    tables.push({ header, rows: real.map(({ line, cells }) => ({ line, cells: cells.map(read) })) });
  }
  return tables;
}

/** Each table as its rows, the header first, with cells as they are written. */
function tablesOf(tokens: readonly Token[]): MarkdownRow[][] {
  const tables: { line: number; cells: string[] }[][] = [];
  let isCell = false;
  for (const { type, map, content } of tokens) {
    if (type === 'table_open') tables.push([]);
    else if (type === 'tr_open') tables.at(-1)?.push({ line: (map?.[0] ?? 0) + 1, cells: [] });
    else if (type === 'inline' && isCell) tables.at(-1)?.at(-1)?.cells.push(content);
    isCell = type === 'th_open' || type === 'td_open';
  }
  return tables;
}

type References = Record<string, { title: string; href: string }>;

/** Of a cell that is longer, the markup stays: all texts are shorter, and brackets without end take their time. */
const longestMarkup = 16_384;

/** A cell's text: without markup and marks of footnotes, and with what is escaped put back. */
function readCell(cell: string, references: References): string {
  if (cell.length > longestMarkup || !/[\\`*_[\]<>&~]/.test(cell)) return cell;
  const tokens: Token[] = [];
  blocks.inline.parse(cell, blocks, { references }, tokens);
  return tokens.map(textOf).join('');
}

function textOf({ type, content }: Token): string {
  if (type === 'html_inline') return /^<br\s*\/?>$/i.test(content) ? '\n' : '';
  return type === 'text' ? content.replace(/\[\^[^[\]\s]+\]/g, '') : content;
}
