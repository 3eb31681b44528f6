import type { Command as Program } from 'commander';
import type { ImportRegistryResult, ImportReport } from '../client/client.ts';
import { wordFor } from '../commands/choices.ts';
import { importCommand } from '../commands/import.ts';
import type { Output, Style } from './output.ts';
import { importScar } from './scar-command.ts';
import { addTerminal, type TerminalForm } from './shared-command.ts';
import type { Column } from './table.ts';

type ImportRow = ImportReport['rows'][number];

const outcomeStyles: Readonly<Record<ImportRow['outcome'], Style>> = {
  CREATED: 'green',
  UNCHANGED: 'dim',
  CONFLICT: 'red',
  INVALID: 'red',
};

const rowColumns = ({ paint }: Output): Column<ImportRow>[] => [
  { header: 'line', value: ({ line }) => line, align: 'right' },
  { header: 'port', value: ({ port }) => port, align: 'right' },
  { header: 'service', value: ({ serviceName }) => serviceName, cut: 'end' },
  {
    header: 'outcome',
    value: ({ outcome }) => wordFor(outcome),
    paint: (text, { outcome }) => paint(outcomeStyles[outcome], text),
  },
  { header: 'message', value: ({ message }) => message, cut: 'end' },
];

const form = {
  place: false,
  show({ rows, applied, dryRun, created, unchanged, conflicting, invalid }, output) {
    output.table(rowColumns(output), rows);
    if (output.isTerminal) {
      output.line(`${created} created, ${unchanged} unchanged, ${conflicting} in conflict, ${invalid} invalid.`);
    }
    if (!applied) output.note(`wharfinger: nothing was changed: ${dryRun ? 'a dry run' : 'not all rows can be had'}.`);
  },
  isWrong: ({ conflicting, invalid }) => conflicting + invalid > 0,
} satisfies TerminalForm<unknown, ImportRegistryResult>;

/** `import <file>`, and `import scar-db [url]`: a file of that name is given as ./scar-db. */
export function addImport(program: Program): void {
  const command = addTerminal(program, importCommand, {
    ...form,
    async run(args, session) {
      const { importInParts } = await import('./import-in-parts.ts'); // what parses files takes its time to load
      return importInParts(args, session);
    },
  });
  command.usage('[options] <file>\n       wharfinger import scar-db [options] [url]');
  command.enablePositionalOptions(); // flags after scar-db are its own
  addTerminal(command, importScar, {
    ...form,
    async run(args, session) {
      const { importScarDatabase } = await import('./import-scar.ts');
      return importScarDatabase(args, session, process.env);
    },
  });
}
