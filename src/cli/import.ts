import type { Command as Program } from 'commander';
import type { ImportReport } from '../client/client.ts';
import { wordFor } from '../commands/choices.ts';
import { importCommand } from '../commands/import.ts';
import type { Output, Style } from './output.ts';
import { addShared } from './shared-command.ts';
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

export function addImport(program: Program): void {
  addShared(program, importCommand, {
    place: false,
    async run(args, session) {
      const { importInParts } = await import('./import-in-parts.ts'); // what parses files takes its time to load
      return importInParts(args, session);
    },
    show({ rows, applied, dryRun, created, unchanged, conflicting, invalid }, output) {
      output.table(rowColumns(output), rows);
      if (!output.isTerminal) return;
      output.line(`${created} created, ${unchanged} unchanged, ${conflicting} in conflict, ${invalid} invalid.`);
      if (!applied) output.line(`Nothing was changed: ${dryRun ? 'a dry run' : 'not all rows can be had'}.`);
    },
    isWrong: ({ conflicting, invalid }) => conflicting + invalid > 0,
  });
}
