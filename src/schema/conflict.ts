import { actionsFor, toldMessage } from '../domain/conflicts.ts';
import type { Builder } from './builder.ts';
import type { ConflictRecord } from './conflict-rows.ts';
import type { Enums } from './enums.ts';
import type { HostRef } from './host.ts';
import type { ListenerRef } from './listener.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import type { WorktreeRef } from './worktree.ts';
import { findWorktree, worktreeRow } from './worktree-rows.ts';

export type ConflictRef = ReturnType<typeof addConflict>;

interface Types {
  readonly Host: HostRef;
  readonly Worktree: WorktreeRef;
  readonly PortAllocation: PortAllocationRef;
  readonly Listener: ListenerRef;
}

export function addConflict(builder: Builder, enums: Enums, { Host, Worktree, PortAllocation, Listener }: Types) {
  return builder.objectRef<ConflictRecord>('Conflict').implement({
    description:
      'Something that a person or an agent should settle. It opens once, lasts as long as its cause, and resolves by itself when that is gone.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its own; what comes back is another conflict. resolveConflict takes it.' }),
      kind: t.expose('kind', { type: enums.ConflictKind, description: 'What is wrong, in a word.' }),
      state: t.field({
        type: enums.ConflictState,
        description: 'Whether it is still to be settled.',
        resolve: ({ resolvedAt }) => (resolvedAt ? 'resolved' : 'open'),
      }),
      port: t.expose('port', {
        type: 'Port',
        nullable: true,
        description: 'The port that it is about; null where it is about a range or a worktree.',
      }),
      environment: t.expose('environment', {
        type: enums.Environment,
        nullable: true,
        description: 'Whose range or claim it is about; null where it is about none.',
      }),
      message: t.string({
        description:
          'What is wrong, who is involved and what to do, in one or two sentences; once it is resolved, what was, after "Resolved:".',
        resolve: toldMessage,
      }),
      actions: t.field({
        type: [enums.ConflictAction],
        description: 'What resolveConflict can do about it; empty once it is resolved.',
        resolve: (conflict) => [...actionsFor(conflict)],
      }),
      listener: t.expose('listener', {
        type: Listener,
        nullable: true,
        description: 'Who listened, as last seen while it was open; null where it is about no listener.',
      }),
      detectedAt: t.expose('detectedAt', { type: 'DateTime', description: 'When it was found out.' }),
      resolvedAt: t.expose('resolvedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When its cause was gone, or somebody settled it; null while it is open.',
      }),
      host: t.prismaField({
        type: Host,
        description: 'The host that it is about.',
        resolve: (query, { host, hostName }, _args, { prisma }) =>
          host && isWhole(query) ? host : prisma.host.findUniqueOrThrow({ ...query, where: { name: hostName } }),
      }),
      allocation: t.field({
        type: PortAllocation,
        nullable: true,
        description:
          'The claim that it is about, as it is now; null where it is about none, or that was deleted as old history.',
        resolve: ({ allocation, allocationId, host, worktree }, _args, { loaders }) => {
          if (allocationId === null) return null;
          if (!allocation) return loaders.allocation.load(allocationId);
          const own = allocation.worktreeId === worktree?.id ? worktree : undefined;
          return { ...allocation, host, worktree: own };
        },
      }),
      worktree: t.prismaField({
        type: Worktree,
        nullable: true,
        description:
          'The worktree that it is about: the one that is gone, that holds the port, or in which something listens; null where it is about none.',
        resolve: (query, { worktree, worktreeId }, _args, { loaders }) =>
          worktree && isWhole(query) ? worktreeRow(worktree) : findWorktree(loaders, { ...query }, worktreeId),
      }),
    }),
  });
}

/** Whether nothing is asked for that another table holds. */
const isWhole = (query: object) => !('include' in query || 'select' in query);
