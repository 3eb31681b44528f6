import type { Conflict, PortAllocation } from '../client/client.ts';
import { wordFor } from '../commands/choices.ts';
import { ownerOf } from '../commands/describe.ts';
import type { Output, Style } from './output.ts';
import type { Column } from './table.ts';

const stateStyles: Readonly<Record<string, Style>> = {
  live: 'green',
  idle: 'yellow',
  squatted: 'red',
  unknown: 'dim',
  released: 'dim',
};

const stateOf = ({ status, liveness }: PortAllocation) => (status === 'RELEASED' ? 'released' : liveness.toLowerCase());

/** Who owns it, without the branch, which has a column of its own. */
const owner = ({ worktree, ...allocation }: PortAllocation) =>
  worktree?.path ?? ownerOf({ ...allocation, worktree: null });

/** The columns of allocations; programs get the host as well, people where there are several. */
export function allocationColumns(
  allocations: readonly PortAllocation[],
  { paint, isTerminal }: Output,
): Column<PortAllocation>[] {
  const hosts = new Set(allocations.map(({ host }) => host.name));
  const hostColumn: Column<PortAllocation> = { header: 'host', value: ({ host }) => host.name, cut: 'end' };
  return [
    { header: 'port', value: ({ port }) => port, align: 'right', paint: (text) => paint('bold', text) },
    { header: 'service', value: ({ serviceName }) => serviceName, cut: 'end' },
    { header: 'environment', value: ({ environment }) => wordFor(environment) },
    {
      header: 'state',
      value: stateOf,
      paint: (text, allocation) => paint(stateStyles[stateOf(allocation)] ?? 'dim', text),
    },
    { header: 'owner', value: owner, cut: 'middle' },
    { header: 'branch', value: ({ worktree }) => worktree?.branch, cut: 'end' },
    ...(isTerminal && hosts.size < 2 ? [] : [hostColumn]),
  ];
}

/** One allocation for people: `8000  web (dev) of /src/app (main), http://localhost:8000`. */
export function allocationLine(allocation: PortAllocation, { paint }: Output): string {
  const { port, serviceName, environment, url } = allocation;
  return `${paint('bold', String(port))}  ${serviceName} (${wordFor(environment)}) of ${ownerOf(allocation)}, ${url}`;
}

/** What is wrong all the same. */
export function noteWarnings(warnings: readonly Conflict[], output: Output): void {
  for (const { message } of warnings) output.note(`wharfinger: warning: ${message}`);
}
