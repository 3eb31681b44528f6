import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { type InvalidInput, isRefusal } from '../domain/refusals.ts';
import { fieldsOf, findColumns, knownHeadings } from './columns.ts';
import { type ExportedAllocation, liveOnes, type RegistryContents } from './registry-contents.ts';
import { claimsOnly, malformed, type RegistryFile } from './registry-file.ts';

const expected = 'CSV with a header line that names a port and a service column';

/**
 * Reads CSV separated by commas, semicolons or tabs, with columns in any order (`columns.ts`); others are passed over,
 * and so are rows of empty cells, with which spreadsheets fill up.
 */
export function parseCsv(text: string, most: number): RegistryFile | InvalidInput {
  const records = parseRecords(text, most);
  if (isRefusal(records)) return records;
  const [header, ...rest] = records;
  if (!header) return malformed(`It is not ${expected}: it is empty.`);
  const columns = findColumns(header.cells);
  if (!columns)
    return malformed(
      `It is not ${expected}: ${guess(text) ?? `line ${header.line} has no such two (${knownHeadings}).`}`,
    );
  const rows = rest.map(({ line, cells }) => ({ line, fields: fieldsOf(cells.map(withoutQuote), columns) }));
  return claimsOnly(rows.filter(({ fields }) => fields.port !== undefined || fields.serviceName !== undefined));
}

function guess(text: string): string | undefined {
  if (/^\s*[[{]/.test(text)) return 'it looks like JSON.';
  return /^[ \t]*\|/m.test(text) ? 'it looks like Markdown.' : undefined;
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function parseRecords(text: string, most: number): CsvRecord[] | InvalidInput {
  try {
    const [told = '', separator] = /^sep=([,;\t|])[ \t]*(?:\r\n|\n|\r)/i.exec(text) ?? [];
    const table = text.slice(told.length);
    const records = parse(table, {
      delimiter: separator ?? delimiterOf(table),
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      raw: true,
      // The header and one too many: reading on would be of no use.
      to: most + 2,
    }) as unknown as readonly RawRecord[]; // which is what `raw` makes of them
    return withLines(records, told ? 2 : 1);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return malformed(`It is not ${expected}: ${guess(text) ?? error.message}`);
  }
}

interface RawRecord {
  readonly record: string[];
  /** Its text, beginning with the empty lines before it. */
  readonly raw: string;
}

function withLines(records: readonly RawRecord[], first: number): CsvRecord[] {
  let line = first;
  return records.map(({ record, raw }) => {
    const [emptyLines = ''] = /^[\r\n]*/.exec(raw) ?? [];
    const begins = line + lineBreaks(emptyLines);
    line += lineBreaks(raw);
    return { line: begins, cells: record };
  });
}

const lineBreaks = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;

const delimiters = [',', ';', '\t'];

/** The one at which the header line falls into columns of ours, else that which it has most of. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/[\r\n]/, 1);
  const counts = delimiters.map((delimiter) => {
    const cells = header.replaceAll('"', '').split(delimiter);
    return { delimiter, isKnown: findColumns(cells) !== undefined, count: cells.length };
  });
  counts.sort((a, b) => Number(b.isKnown) - Number(a.isKnown) || b.count - a.count);
  return counts[0]?.delimiter ?? ',';
}

/** Live allocations, on whatever hosts. */
export function writeCsv(contents: RegistryContents): string {
  return stringify(liveOnes(contents).map(toRecord), { header: true, columns: [...csvColumns] });
}

const csvColumns = [
  'port',
  'service',
  'environment',
  'host',
  'worktree',
  'codebase',
  'conversation',
  'description',
  'public_hostnames',
  'metadata',
] as const;

function toRecord(allocation: ExportedAllocation): Record<(typeof csvColumns)[number], string> {
  const { port, serviceName, environment, hostName, worktreePath, codebaseId, conversationId } = allocation;
  const { description, publicHostnames, metadata } = allocation;
  return {
    port: String(port),
    service: withQuote(serviceName),
    environment,
    host: withQuote(hostName),
    worktree: withQuote(worktreePath ?? ''),
    codebase: withQuote(codebaseId ?? ''),
    conversation: withQuote(conversationId ?? ''),
    description: withQuote(description ?? ''),
    public_hostnames: publicHostnames.join(' '),
    metadata: metadata === null ? '' : JSON.stringify(metadata),
  };
}

// A spreadsheet runs a cell that begins like a formula, so it gets a quote in front:
// https://owasp.org/www-community/attacks/CSV_Injection. One that has such a quote of its own gets another, so that
// exactly one can be taken off again.
const withQuote = (cell: string) => (/^'*[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell);
const withoutQuote = (cell: string) => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell);
