import type { ImportRegistryResult, ImportReport, RegistryClient, RegistryFormat } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import type { CommandPlace } from '../commands/command.ts';
import { type ImportArguments, importCommand } from '../commands/import.ts';
import { parseRegistryFile } from '../interchange/formats.ts';
import { type ImportPart, splitFile } from '../interchange/import-parts.ts';
import { type RegistryFormat as FileFormat, mostRows } from '../interchange/registry-file.ts';
import { UsageMistake } from './fail.ts';
import type { Output } from './output.ts';

/** What the server takes: a body of 1 MiB, less what a request has beside the file; and what an import may be about. */
const limits = { bytes: (1 << 20) - 16_384, rows: mostRows, hosts: 64 };

/** Of all parts together: more than the ports of three hosts, held and free. */
const mostRowsOfAll = 200_000;

const fileFormats: Readonly<Record<RegistryFormat, FileFormat>> = {
  JSON: 'json',
  CSV: 'csv',
  MARKDOWN: 'markdown',
  PORT_KEEPER: 'port-keeper',
  DEVPORTS: 'devports',
  SCAR_SUPERVISION: 'scar-supervision',
};

export interface Importer {
  readonly client: RegistryClient;
  readonly place: CommandPlace;
  readonly output: Output;
}

/**
 * Imports a file of whatever length: as it is where it fits into one request, else in several, one after the other,
 * whose reports are put together. With `atomic`, more than one is refused.
 */
export async function importInParts(args: ImportArguments, importer: Importer): Promise<ImportRegistryResult> {
  const { content, format, atomic, dryRun } = args;
  const file = parseRegistryFile(fileFormats[format], content, mostRowsOfAll);
  if ('code' in file) return refusedAs(file);
  const parts = splitFile(file, { limits, host: importer.place.host, dryRun });
  if ('code' in parts) return refusedAs(parts);
  if (parts.length < 2 && Buffer.byteLength(JSON.stringify(content)) <= limits.bytes) {
    return importCommand.run(args, importer);
  }
  if (parts.length > 1 && atomic) {
    throw new UsageMistake(
      `It takes ${parts.length} requests to import this file, and all or nothing is promised within one: leave out --atomic, and let --dry-run show first what cannot be had.`,
    );
  }
  return importEach(parts, args, importer);
}

/** The refusal of a file, as the server would answer it. */
function refusedAs(refusal: Extract<ReturnType<typeof parseRegistryFile>, { code: string }>): ImportRegistryResult {
  const { code, message, issues } = refusal;
  const told = issues.map((issue) => ({ path: [...issue.path], message: issue.message }));
  return { __typename: 'InvalidInput', code, message, issues: told };
}

async function importEach(
  parts: readonly ImportPart[],
  args: ImportArguments,
  importer: Importer,
): Promise<ImportRegistryResult> {
  const reports: ImportReport[] = [];
  let isDone = false;
  try {
    for (const [index, { content, rows }] of parts.entries()) {
      importer.output.progress(`wharfinger: part ${index + 1} of ${parts.length}`);
      // One after the other, since a part may stand on those before it.
      const result = await importCommand.run({ ...args, content, format: 'JSON' }, importer);
      if (isRefusal(result)) return result;
      reports.push({ ...result, rows: ownRows(result.rows, rows) });
    }
    isDone = true;
    return merged(reports, args);
  } finally {
    if (!isDone && !args.dryRun) tellWhatIsDone(reports, parts, importer.output);
  }
}

type ReportRow = ImportReport['rows'][number];

/** Without those that other parts answer for, and with the lines of the file. They are answered in the order in which they were sent. */
const ownRows = (answered: readonly ReportRow[], sent: ImportPart['rows']): ReportRow[] =>
  sent.flatMap(({ line, isCarried }, index) => {
    const row = answered[index];
    return isCarried || !row ? [] : [{ ...row, line }];
  });

function merged(reports: readonly ImportReport[], { dryRun }: ImportArguments): ImportReport {
  const rows = reports.flatMap((report) => report.rows);
  const count = (outcome: ReportRow['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  return {
    __typename: 'ImportReport',
    dryRun,
    applied: !dryRun,
    created: count('CREATED'),
    unchanged: count('UNCHANGED'),
    conflicting: count('CONFLICT'),
    invalid: count('INVALID'),
    rows,
  };
}

function tellWhatIsDone(reports: readonly ImportReport[], parts: readonly ImportPart[], output: Output): void {
  const created = reports.flatMap(({ rows }) => rows).filter(({ outcome }) => outcome === 'CREATED').length;
  const where = `part ${reports.length + 1} of ${parts.length}`;
  output.note(
    `wharfinger: the import stopped at ${where}; what came before is imported, ${created} rows of it anew. Import the file again when the cause is gone: that is safe.`,
  );
}
