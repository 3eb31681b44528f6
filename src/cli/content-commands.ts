import type { Command as Program } from 'commander';
import type { ImportReport } from '../client/client.ts';
import { backfill } from '../commands/backfill.ts';
import { wordFor } from '../commands/choices.ts';
import { exportCommand } from '../commands/export.ts';
import { importCommand } from '../commands/import.ts';
import { configFile } from './config-command.ts';
import type { Output, Style } from './output.ts';
import { addShared, type Granted } from './shared-command.ts';
import type { Column } from './table.ts';
import { oneLine } from './text.ts';

export function addConfig(program: Program): void {
  addShared(program, configFile, {
    show({ filename, content, written }, output) {
      if (!written) {
        output.content(content);
        if (output.isTerminal) output.note(`wharfinger: this is for ${filename}; nothing was written.`);
        return;
      }
      const { path, changed, notes } = written;
      const told = changed ? `${path} is written.` : `${path} had it already.`;
      output.line(output.isTerminal ? told : path);
      for (const note of notes) output.note(`wharfinger: ${note}`);
    },
  });
}

export function addExport(program: Program): void {
  addShared(program, exportCommand, { place: false, show: ({ content }, output) => output.content(content) });
}

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
    show({ rows, applied, dryRun, created, unchanged, conflicting, invalid }, output) {
      output.table(rowColumns(output), rows);
      if (!output.isTerminal) return;
      output.line(`${created} created, ${unchanged} unchanged, ${conflicting} in conflict, ${invalid} invalid.`);
      if (!applied) output.line(`Nothing was changed: ${dryRun ? 'a dry run' : 'not all rows can be had'}.`);
    },
    isWrong: ({ conflicting, invalid }) => conflicting + invalid > 0,
  });
}

type Backfilled = Granted<Awaited<ReturnType<typeof backfill.run>>>;

const worktreeColumns: readonly Column<Backfilled['items'][number]>[] = [
  { header: 'worktree', value: ({ worktree }) => worktree.path, cut: 'middle' },
  { header: 'branch', value: ({ worktree }) => worktree.branch, cut: 'end' },
  { header: 'ports', value: ({ allocations }) => allocations.map(({ port }) => port).join(',') },
  { header: 'explanation', value: ({ explanation }) => explanation, cut: 'end' },
];

export function addBackfill(program: Program): void {
  addShared(program, backfill, {
    show({ items, skipped, dryRun }, output) {
      output.table(worktreeColumns, items);
      for (const { path, explanation } of skipped) output.note(`wharfinger: passed over ${path}: ${explanation}`);
      if (!output.isTerminal) return;
      const count = items.filter(({ created }) => created).length;
      output.line(oneLine(`${count} of ${items.length} ${dryRun ? 'would be registered' : 'were registered'}.`));
    },
  });
}
