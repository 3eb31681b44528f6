import type { Command as Program } from 'commander';
import type { CleanupReport, Conflict, PortRange } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { wordFor } from '../commands/choices.ts';
import { cleanup } from '../commands/cleanup.ts';
import { conflicts } from '../commands/conflicts.ts';
import { stats } from '../commands/stats.ts';
import type { Output } from './output.ts';
import { addShared } from './shared-command.ts';
import type { Column } from './table.ts';

type CleanupItem = CleanupReport['released'][number];

export function addCleanup(program: Program): void {
  addShared(program, cleanup, {
    place: false,
    show({ dryRun, released, kept, releasedCount, keptCount, historyPruned }, output) {
      const outcome = new Map<CleanupItem, string>([
        ...released.map((item) => [item, dryRun ? 'would go' : 'released'] as const),
        ...kept.map((item) => [item, 'kept'] as const),
      ]);
      const columns: Column<CleanupItem>[] = [
        { header: 'port', value: ({ allocation }) => allocation.port, align: 'right' },
        { header: 'service', value: ({ allocation }) => allocation.serviceName, cut: 'end' },
        { header: 'outcome', value: (item) => outcome.get(item) },
        { header: 'reason', value: ({ reason }) => wordFor(reason) },
        { header: 'explanation', value: ({ explanation }) => explanation, cut: 'end' },
      ];
      if (outcome.size > 0 || !output.isTerminal) output.table(columns, [...outcome.keys()]);
      const isMore = released.length + kept.length < releasedCount + keptCount;
      if (isMore) output.note('wharfinger: the table does not show all of them.');
      if (!output.isTerminal) return;
      const done = dryRun ? 'would be released' : 'released';
      output.line(`${releasedCount - historyPruned} ${done}, ${keptCount} kept, ${historyPruned} of old history.`);
    },
  });
}

export function addStats(program: Program): void {
  addShared(program, stats, {
    place: false,
    show({ ranges, openConflicts }, output) {
      output.table(rangeColumns(output), ranges);
      if (!output.isTerminal) return;
      const counted = openConflicts === 1 ? '1 open conflict' : `${openConflicts || 'No'} open conflicts`;
      output.line('');
      output.line(`${counted}${openConflicts > 0 ? ': `wharfinger conflicts` says more' : ''}.`);
    },
  });
}

const barWidth = 20;

function rangeColumns({ isTerminal, paint }: Output): Column<PortRange>[] {
  const percent = ({ utilization }: PortRange) => `${Math.round(utilization * 1_000) / 10} %`;
  const bar = ({ utilization }: PortRange) => '█'.repeat(Math.ceil(utilization * barWidth)).padEnd(barWidth, '░');
  const fill: Column<PortRange> = {
    header: 'fill',
    value: bar,
    paint: (text, { utilization }) => paint(utilization < 0.8 ? 'green' : 'red', text),
  };
  return [
    { header: 'environment', value: ({ environment }) => wordFor(environment) },
    { header: 'range', value: ({ start, end }) => `${start}-${end}` },
    { header: 'held', value: ({ used }) => used, align: 'right' },
    { header: 'free', value: ({ available }) => available, align: 'right' },
    { header: 'utilization', value: percent, align: 'right' },
    ...(isTerminal ? [fill] : []),
  ];
}

export function addConflicts(program: Program): void {
  addShared(program, conflicts, {
    place: false,
    show({ conflicts: found, settled }, output) {
      if (settled === null) return showConflicts(found ?? [], output);
      if (isRefusal(settled)) return output.note(`wharfinger: ${settled.message}`);
      const { allocation, conflict } = settled;
      output.line(conflict.message);
      if (!allocation || allocation.status === 'RELEASED') return;
      output.line(`${allocation.serviceName} now has port ${allocation.port}.`);
    },
    isWrong: ({ settled }) => settled !== null && isRefusal(settled),
  });
}

const conflictColumns: readonly Column<Conflict>[] = [
  { header: 'id', value: ({ id }) => id },
  { header: 'kind', value: ({ kind }) => wordFor(kind) },
  { header: 'state', value: ({ state }) => wordFor(state) },
  { header: 'port', value: ({ port }) => port },
  { header: 'actions', value: ({ actions }) => actions.map(wordFor).join(',') },
  { header: 'message', value: ({ message }) => message },
];

/** For people as sentences, since what is wrong does not fit into a column. */
function showConflicts(found: readonly Conflict[], output: Output): void {
  if (!output.isTerminal) {
    output.table(conflictColumns, found);
    return;
  }
  if (found.length === 0) output.line('No open conflicts: all is well.');
  for (const { id, kind, state, message, actions } of found) {
    const isOpen = state === 'OPEN';
    const title = output.paint(isOpen ? 'red' : 'green', `${wordFor(kind)}${isOpen ? '' : ' (resolved)'}`);
    output.line(`${title}  ${message}`);
    if (actions.length === 0) continue;
    output.line(output.paint('dim', `  wharfinger conflicts resolve ${id} ${actions.map(wordFor).join('|')}`));
  }
}
