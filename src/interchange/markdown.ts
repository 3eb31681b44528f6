import type { InvalidInput } from '../domain/refusals.ts';
import { fieldsOf, findColumns, knownHeadings } from './columns.ts';
import { writeCell } from './markdown-cells.ts';
import { type MarkdownTable, readTables } from './markdown-tables.ts';
import { type ExportedAllocation, liveOnes, type RegistryContents } from './registry-contents.ts';
import { claimsOnly, type FileRow, malformed, type RegistryFile, tooManyRows } from './registry-file.ts';

/** Lines of other tables that a document may have beside those of ports. */
const mostOtherLines = 10_000;

/** Reads every table that has a port and a service column, in any order and among others. Everything else is passed over. */
export function parseMarkdown(text: string, most: number): RegistryFile | InvalidInput {
  const bars = text.match(/\|.*/g)?.length ?? 0;
  if (bars > most + mostOtherLines) return tooManyRows(most);
  const tables = readTables(text, (header) => findColumns(header) !== undefined);
  if (tables.length > 0) return claimsOnly(tables.flatMap(claimsOf));
  const hint = /^\s*[[{]/.test(text) ? ' It looks like JSON.' : '';
  return malformed(`It has no Markdown table with a port column and a service column (${knownHeadings}).${hint}`);
}

const claimsOf = ({ header, rows }: MarkdownTable): FileRow[] => {
  const columns = findColumns(header);
  if (!columns) return [];
  return rows.map(({ line, cells }) => ({ line, fields: fieldsOf(cells, columns) })).filter(isAboutPort);
};

/** Not a heading in the middle of a table, nor its sum, nor what has no port yet. A mistyped port has a digit. */
function isAboutPort({ fields: { port, serviceName, environment } }: FileRow): boolean {
  // A service of that name, as it is exported, says its environment too.
  const isSum = environment === undefined && /^total:?$/i.test(String(serviceName ?? ''));
  return !isSum && /\p{Nd}/u.test(String(port ?? ''));
}

const columns: readonly {
  readonly heading: string;
  cell(of: ExportedAllocation): string;
}[] = [
  { heading: 'Port', cell: ({ port }) => String(port) },
  { heading: 'Service', cell: ({ serviceName }) => serviceName },
  { heading: 'Environment', cell: ({ environment }) => environment },
  { heading: 'Host', cell: ({ hostName }) => hostName },
  { heading: 'Worktree', cell: ({ worktreePath }) => worktreePath ?? '' },
  { heading: 'Codebase', cell: ({ codebaseId }) => codebaseId ?? '' },
  { heading: 'Conversation', cell: ({ conversationId }) => conversationId ?? '' },
  { heading: 'Description', cell: ({ description }) => description ?? '' },
  { heading: 'Public hostnames', cell: ({ publicHostnames }) => publicHostnames.join(' ') },
];

/** One table of all live allocations. Metadata is left out. */
export function writeMarkdown(contents: RegistryContents): string {
  const rows = liveOnes(contents).map((allocation) => columns.map(({ cell }) => writeCell(cell(allocation))));
  const head = [columns.map(({ heading }) => heading), columns.map(() => '---')];
  const lines = [...head, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `# Ports\n\n${lines.join('\n')}\n`;
}
