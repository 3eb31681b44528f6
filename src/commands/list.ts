import type { AllocationFilter, Environment, PortAllocation, RegistryClient } from '../client/client.ts';
import { RegistryError } from '../client/errors.ts';
import { environments, environmentWords, wordFor } from './choices.ts';
import { type CommandPlace, defineCommand } from './command.ts';
import { ownerOf } from './describe.ts';
import { type FreePorts, freePorts } from './free-ports.ts';
import { code, paragraphs, table } from './markdown.ts';
import { usageOf } from './usage.ts';
import { UsageError } from './usage-error.ts';

export interface ListArguments {
  readonly inWorktree: boolean;
  readonly inCodebase: boolean;
  readonly environment: Environment | null;
  readonly orphans: boolean;
  /** Released ones too. */
  readonly all: boolean;
}

export interface ListResult {
  /** At most 1000. */
  readonly allocations: readonly PortAllocation[];
  /** How many there are altogether. */
  readonly totalCount: number;
  /** What else the environment has, where one was asked about. */
  readonly free: FreePorts | null;
}

const words = {
  name: 'list',
  summary: 'Show which ports are held, by whom, and whether their services are up.',
  words: [],
  flags: [
    { name: 'worktree', description: 'only those of this worktree' },
    { name: 'codebase', description: 'only those of this codebase' },
    { name: 'environment', description: 'only those of one', takes: 'environment', values: environmentWords },
    { name: 'orphans', description: 'only those whose worktree is gone from disk' },
    { name: 'all', description: 'released ones too' },
  ],
  examples: ['', '--worktree', '--environment production', '--orphans'],
} as const;

export const list = defineCommand<ListArguments, ListResult>({
  ...words,
  read: (given) => ({
    inWorktree: given.isSet('worktree'),
    inCodebase: given.isSet('codebase'),
    environment: given.choice('environment', environments),
    orphans: given.isSet('orphans'),
    all: given.isSet('all'),
  }),
  async run(args, { client, place }) {
    const where = filterOf(args, place);
    if (args.inCodebase) await refuseUnknownCodebase(place, client);
    const [page, free] = await Promise.all([
      client.portAllocations({ where, first: 1_000 }),
      args.environment && freeIn(args.environment, client, place),
    ]);
    return { allocations: page.allocations, totalCount: page.totalCount, free };
  },
  toMarkdown: (result, args) => ({ success: true, modified: false, message: render(result, args) }),
});

const freeIn = (environment: Environment, client: RegistryClient, { host }: CommandPlace) =>
  freePorts(environment, client, host);

function filterOf(
  { inWorktree, inCodebase, environment, orphans, all }: ListArguments,
  { worktreePath, codebaseId, host }: CommandPlace,
): AllocationFilter {
  if (inWorktree && worktreePath === null) throw notHere('--worktree', 'in no worktree');
  if (inCodebase && codebaseId === null) throw notHere('--codebase', 'in no codebase');
  return {
    ...(host !== null && { host }),
    ...(inWorktree && { worktreePath }),
    ...(inCodebase && { codebaseId }),
    ...(environment && { environments: [environment] }),
    ...(orphans && { orphaned: true }),
    ...(all && { statuses: ['ALLOCATED', 'ACTIVE', 'RELEASED'] }),
  };
}

async function refuseUnknownCodebase({ codebaseId: id }: CommandPlace, client: RegistryClient): Promise<void> {
  if (id === null || (await client.codebase({ id })) !== null) return;
  throw new RegistryError(
    `The registry does not know the codebase ${JSON.stringify(id)}, so nothing is held for it: it is registered with its first port.`,
    'NOT_FOUND',
    { next: 'allocate <service>' },
  );
}

const notHere = (flag: string, where: string) =>
  new UsageError(`${flag} is of no use here: you are ${where}.`, usageOf(words));

/** As many as a chat's message holds. */
const mostRows = 50;

function render({ allocations, totalCount, free }: ListResult, args: ListArguments): string {
  const shown = allocations.slice(0, mostRows);
  const rows = shown.map((allocation) => {
    const { port, serviceName, environment, status, liveness } = allocation;
    const state = status === 'RELEASED' ? 'released' : liveness.toLowerCase();
    return [port, serviceName, wordFor(environment), state, ownerOf(allocation)];
  });
  const isNarrow = args.inWorktree || args.inCodebase || args.environment !== null || args.orphans;
  const none = isNarrow ? 'No port matches.' : 'No port is allocated.';
  return paragraphs([
    rows.length > 0
      ? table(['Port', 'Service', 'Environment', 'State', 'Owner'], rows)
      : `${none} Next: ${code('/port-allocate <service>')}`,
    totalCount > shown.length
      ? `… and ${totalCount - shown.length} more: ${code('/port-help list')} says how to narrow it.`
      : null,
    free && renderFree(free),
  ]);
}

function renderFree({ range, ports, configured }: FreePorts): string {
  const rows = configured.map(({ port, service, codebase }) => [port, service, codebase]);
  return paragraphs(
    [
      rows.length > 0 &&
        `Configured by codebases, and held by nobody:\n\n${table(['Port', 'Service', 'Codebase'], rows)}`,
      `Range ${range.start}-${range.end}: ${range.used} of ${range.size} held. ${ports.length > 0 ? `Free for new services: ${ports.join(', ')}.` : 'None is free.'}`,
    ].map((block) => block || null),
  );
}
