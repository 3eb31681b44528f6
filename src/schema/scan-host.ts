import type { ScanReport as ScanRecord } from '../registry/scan-host.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { listOf } from './limits.ts';
import { longestList } from './list-arguments.ts';

export function addScanHost(builder: Builder, { Host, Listener, PortAllocation, Conflict }: GraphTypes): void {
  const complexity = listOf(longestList);
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
        complexity,
        resolve: ({ listeners }) => [...listeners],
      }),
      activated: t.field({
        type: [PortAllocation],
        description: 'The claims whose owners have begun to listen.',
        complexity,
        resolve: ({ activated }) => [...activated],
      }),
      deactivated: t.field({
        type: [PortAllocation],
        description: 'The claims whose owners no longer listen. They keep their ports.',
        complexity,
        resolve: ({ deactivated }) => [...deactivated],
      }),
      opened: t.field({
        type: [Conflict],
        description: 'What was found that should be settled, and was not known before.',
        complexity,
        resolve: ({ opened }) => [...opened],
      }),
      resolved: t.field({
        type: [Conflict],
        description: 'The conflicts whose cause was found gone.',
        complexity,
        resolve: ({ resolved }) => [...resolved],
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
