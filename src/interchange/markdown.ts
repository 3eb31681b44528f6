import type { InvalidInput } from '../domain/refusals.ts';
import { type ColumnField, fieldsOf, findColumns } from './columns.ts';
import { readCell, splitRow, writeCell } from './markdown-cells.ts';
import { type ExportedAllocation, liveOnes, type RegistryContents } from './registry-contents.ts';
import { claimsOnly, type FileRow, malformed, type RegistryFile } from './registry-file.ts';

/**
 * Reads every table that has a port and a service column, in any order and among others (`columns.ts`), as GitHub
 * renders tables (https://github.github.com/gfm/#tables-extension-). Everything else is passed over.
 */
export function parseMarkdown(text: string): RegistryFile | InvalidInput {
  const claims: FileRow[] = [];
  let hasTable = false;
  for (const { header, rows } of tablesOf(text)) {
    const columns = findColumns(splitRow(header).map(readCell));
    if (!columns) continue;
    hasTable = true;
    for (const { line, row } of rows) claims.push({ line, fields: fieldsOf(splitRow(row).map(readCell), columns) });
  }
  if (hasTable) return claimsOnly(claims);
  const hint = /^\s*[[{]/.test(text) ? ' It looks like JSON.' : '';
  return malformed(`It has no Markdown table with a port column and a service column.${hint}`);
}

interface Table {
  readonly header: string;
  readonly rows: { readonly line: number; readonly row: string }[];
}

/** A table is a row, a row of dashes, and the rows after that up to a line without a bar. */
function* tablesOf(text: string): Generator<Table> {
  const lines = text.split(/\r\n|\n|\r/);
  let isInFence = false;
  let table: Table | undefined;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(line)) isInFence = !isInFence;
    if (isInFence || !line.includes('|')) {
      if (table) yield table;
      table = undefined;
    } else if (table) {
      table.rows.push({ line: index + 1, row: line });
    } else if (isDelimiter(line) && index > 0) {
      table = { header: lines[index - 1] ?? '', rows: [] };
    }
  }
  if (table) yield table;
}

const isDelimiter = (line: string) =>
  line.includes('-') && splitRow(line).every((cell) => /^:?-+:?$/.test(cell.trim()));

const columns: readonly {
  readonly heading: string;
  readonly field: ColumnField;
  cell(of: ExportedAllocation): string;
}[] = [
  { heading: 'Port', field: 'port', cell: ({ port }) => String(port) },
  { heading: 'Service', field: 'serviceName', cell: ({ serviceName }) => serviceName },
  { heading: 'Environment', field: 'environment', cell: ({ environment }) => environment },
  { heading: 'Host', field: 'host', cell: ({ hostName }) => hostName },
  { heading: 'Worktree', field: 'worktreePath', cell: ({ worktreePath }) => worktreePath ?? '' },
  { heading: 'Codebase', field: 'codebase', cell: ({ codebaseId }) => codebaseId ?? '' },
  { heading: 'Conversation', field: 'conversationId', cell: ({ conversationId }) => conversationId ?? '' },
  { heading: 'Description', field: 'description', cell: ({ description }) => description ?? '' },
  { heading: 'Public hostnames', field: 'publicHostnames', cell: ({ publicHostnames }) => publicHostnames.join(' ') },
];

/** One table of all live allocations. Metadata is left out. */
export function writeMarkdown(contents: RegistryContents): string {
  const rows = liveOnes(contents).map((allocation) => columns.map(({ cell }) => writeCell(cell(allocation))));
  const head = [columns.map(({ heading }) => heading), columns.map(() => '---')];
  const lines = [...head, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `# Ports\n\n${lines.join('\n')}\n`;
}
