import type { Listener as ListenerRecord } from '../domain/registry-model.ts';
import type { Builder } from './builder.ts';
import { listComplexity, pageArguments, pageOf } from './list-arguments.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import type { WorktreeRef } from './worktree.ts';
import { findWorktree } from './worktree-rows.ts';

export type ListenerRef = ReturnType<typeof listenerRef>;

/** Named before it has fields, since conflicts and listeners tell of each other. */
export const listenerRef = (builder: Builder) => builder.objectRef<ListenerRecord>('Listener');

/** How many a host gives where `first` does not say: more than a development machine has. */
const listenersPage = 250;

export function addListener(
  builder: Builder,
  Listener: ListenerRef,
  { Worktree, PortAllocation }: { readonly Worktree: WorktreeRef; readonly PortAllocation: PortAllocationRef },
): void {
  Listener.implement({
    description: "A process that listens on a port, as its host's observer last saw it.",
    fields: (t) => ({
      port: t.expose('port', { type: 'Port', description: 'The port, on TCP.' }),
      addresses: t.stringList({
        description: 'Where it can be reached, such as 127.0.0.1, ::1, 0.0.0.0 and ::, each once.',
        resolve: ({ addresses }) => [...addresses],
      }),
      processId: t.exposeInt('processId', {
        nullable: true,
        description:
          'Its process id; null where the process cannot be seen, being another user’s or in another container.',
      }),
      processName: t.exposeString('processName', {
        nullable: true,
        description: "The program's short name; null where it cannot be told.",
      }),
      command: t.exposeString('command', {
        nullable: true,
        description:
          'The whole command line, cut off after 1000 characters; null where it cannot be told, and in a conflict, which is kept for long: command lines can hold secrets.',
      }),
      workingDirectory: t.exposeString('workingDirectory', {
        nullable: true,
        description: 'The absolute path of the directory that it runs in; null where it cannot be told.',
      }),
      worktree: t.prismaField({
        type: Worktree,
        nullable: true,
        description: 'The worktree whose directory the process runs in; null where none is registered.',
        resolve: (query, { worktreeId }, _args, { loaders }) => findWorktree(loaders, { ...query }, worktreeId),
      }),
      allocation: t.field({
        type: PortAllocation,
        nullable: true,
        description: 'Who holds the port now, whether or not it is this process; null where nobody does.',
        resolve: ({ hostName, port }, _args, { loaders }) => loaders.holder.load({ hostName, port }),
      }),
    }),
  });

  builder.prismaObjectField('Host', 'listeners', (t) =>
    t.field({
      type: [Listener],
      description:
        'What listened on TCP at the last look that saw it, by port and process id. scannedAt says when that was; empty for a host that nobody observes.',
      args: pageArguments(builder, listenersPage),
      complexity: listComplexity(listenersPage),
      resolve: ({ name }, args, { loaders }) => loaders.listeners.load({ of: name, wish: pageOf(args, listenersPage) }),
    }),
  );
}
