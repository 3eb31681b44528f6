import { z } from 'zod';
import type { CleanupItem as ItemRecord, CleanupReport as ReportRecord } from '../domain/cleanup.ts';
import { mostPruned } from '../storage/ledger-reads.ts';
import type { Builder } from './builder.ts';
import { addCleanupReason } from './cleanup-reason.ts';
import type { GraphTypes } from './graph-types.ts';
import { hostName, optional } from './input-rules.ts';
import { parseInput } from './parse-input.ts';
import { reportList, reportRows } from './report-lists.ts';

const cleanupInput = z.object({ host: optional(hostName), dryRun: z.boolean() });

export function addCleanupPorts(builder: Builder, { PortAllocation }: GraphTypes): void {
  const CleanupReport = addCleanupReport(builder, PortAllocation);
  builder.mutationField('cleanupPorts', (t) =>
    t.field({
      type: CleanupReport,
      description:
        'Releases what is certainly no longer used, deletes history that is older than PORT_HISTORY_DAYS, and says of everything else why it stays. Never released: production, what something listens on, what is public, what cannot be seen from here, and what fewer scans in a row than PORT_CLEANUP_MISSES have found gone or unused.',
      args: {
        dryRun: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Answer what would be done, and do nothing.',
        }),
        host: t.arg.string({
          description:
            'Only this host. Left out: all hosts. Claims are released on the host that this server observes alone; those of others are listed as kept.',
        }),
      },
      resolve: async (_root, args, { registry }) => ({
        dryRun: args.dryRun,
        ...(await registry.cleanupPorts(parseInput(cleanupInput, args))),
      }),
    }),
  );
}

function addCleanupReport(builder: Builder, PortAllocation: GraphTypes['PortAllocation']) {
  const CleanupItem = builder.objectRef<ItemRecord>('CleanupItem').implement({
    description: 'What becomes of an allocation, and why.',
    fields: (t) => ({
      allocation: t.field({
        type: PortAllocation,
        description: 'The allocation as it is after the cleanup, or would be; of deleted history, as it was.',
        resolve: ({ allocation }) => allocation,
      }),
      reason: t.expose('reason', { type: addCleanupReason(builder), description: 'Why, in a word.' }),
      explanation: t.exposeString('explanation', { description: 'Why, in a sentence for a person or an agent.' }),
    }),
  });
  return builder.objectRef<ReportRecord & { readonly dryRun: boolean }>('CleanupReport').implement({
    description: 'What a cleanup did, or would do, of every allocation that it looked at.',
    fields: (t) => ({
      dryRun: t.exposeBoolean('dryRun', { description: 'Whether nothing was changed.' }),
      released: t.field({
        type: [CleanupItem],
        description: 'What is released, by host and port; then the history that is deleted, the oldest first.',
        ...reportList(builder),
        resolve: ({ released }, page) => reportRows(released, page),
      }),
      releasedCount: t.int({
        description: 'How many entries `released` has, whatever is asked of it.',
        resolve: ({ released }) => released.length,
      }),
      kept: t.field({
        type: [CleanupItem],
        description: 'The live allocations that stay, by host and port.',
        ...reportList(builder),
        resolve: ({ kept }, page) => reportRows(kept, page),
      }),
      keptCount: t.int({
        description: 'How many entries `kept` has, whatever is asked of it.',
        resolve: ({ kept }) => kept.length,
      }),
      historyPruned: t.exposeInt('historyPruned', {
        description: `How many allocations that were released long ago are deleted; each run deletes at most ${mostPruned}. With PORT_AUTO_CLEANUP the server deletes the rest soon after its own.`,
      }),
    }),
  });
}
