import type { ScanReport as ScanRecord } from '../registry/scan-host.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { reportList, reportRows } from './report-lists.ts';

export function addScanHost(builder: Builder, { Host, Listener, PortAllocation, Conflict }: GraphTypes): void {
  const ScanReport = builder.objectRef<ScanRecord>('ScanReport').implement({
    description: 'What a look at this host found, and what it changed.',
    fields: (t) => ({
      host: t.prismaField({
        type: Host,
        description: 'The host that was looked at: the one that this server observes.',
        resolve: (query, { hostName }, _args, { prisma }) =>
          prisma.host.findUniqueOrThrow({ ...query, where: { name: hostName } }),
      }),
      listeners: t.field({
        type: [Listener],
        description: 'Everything that listens on TCP, by port and process id.',
        ...reportList(builder),
        resolve: ({ listeners }, page) => reportRows(listeners, page),
      }),
      listenerCount: t.int({
        description: 'How many entries `listeners` has, whatever is asked of it.',
        resolve: ({ listeners }) => listeners.length,
      }),
      activated: t.field({
        type: [PortAllocation],
        description: 'The claims whose owners have begun to listen.',
        ...reportList(builder),
        resolve: ({ activated }, page) => reportRows(activated, page),
      }),
      activatedCount: t.int({
        description: 'How many entries `activated` has, whatever is asked of it.',
        resolve: ({ activated }) => activated.length,
      }),
      deactivated: t.field({
        type: [PortAllocation],
        description: 'The claims whose owners no longer listen. They keep their ports.',
        ...reportList(builder),
        resolve: ({ deactivated }, page) => reportRows(deactivated, page),
      }),
      deactivatedCount: t.int({
        description: 'How many entries `deactivated` has, whatever is asked of it.',
        resolve: ({ deactivated }) => deactivated.length,
      }),
      opened: t.field({
        type: [Conflict],
        description: 'What was found that should be settled, and was not known before.',
        ...reportList(builder),
        resolve: ({ opened }, page) => reportRows(opened, page),
      }),
      openedCount: t.int({
        description: 'How many entries `opened` has, whatever is asked of it.',
        resolve: ({ opened }) => opened.length,
      }),
      resolved: t.field({
        type: [Conflict],
        description: 'The conflicts whose cause was found gone.',
        ...reportList(builder),
        resolve: ({ resolved }, page) => reportRows(resolved, page),
      }),
      resolvedCount: t.int({
        description: 'How many entries `resolved` has, whatever is asked of it.',
        resolve: ({ resolved }) => resolved.length,
      }),
    }),
  });

  builder.mutationField('scanHost', (t) =>
    t.field({
      type: ScanReport,
      description:
        "Looks at this host's listeners and worktrees now instead of at the next interval. Where they cannot be seen, an error with the code DETECTION_FAILED.",
      resolve: (_root, _args, { registry }) => registry.scanHost(),
    }),
  );
}
