import type { Command as Program } from 'commander';
import { backfill } from '../commands/backfill.ts';
import { exportCommand } from '../commands/export.ts';
import { configFile } from './config-command.ts';
import { addShared, type Granted } from './shared-command.ts';
import type { Column } from './table.ts';

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
      output.content(output.isTerminal ? told : path);
      for (const note of notes) output.note(`wharfinger: ${note}`);
    },
  });
}

export function addExport(program: Program): void {
  addShared(program, exportCommand, { place: false, show: ({ content }, output) => output.content(content) });
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
      output.line(`${count} of ${items.length} ${dryRun ? 'would be registered' : 'were registered'}.`);
    },
  });
}
