import { z } from 'zod';
import type { Builder } from './builder.ts';
import type { ConflictRef } from './conflict.ts';
import { newestFirst, toConflict } from './conflict-rows.ts';
import { hostName, optional, severalOf } from './input-rules.ts';
import { listOf } from './limits.ts';
import { listComplexity, nestedPage, pageArguments, pageOf, rootPage } from './list-arguments.ts';
import type { ListenerRef } from './listener.ts';
import { parseInput } from './parse-input.ts';

const conflictsInput = z.object({
  host: optional(hostName),
  // What is no UUID is no conflict's id, and PostgreSQL would not compare it.
  ids: severalOf(z.string())
    .nullish()
    .transform((ids) => ids?.filter((id) => z.guid().safeParse(id).success)),
});

/** One of each kind that is about a claim, or about a port. */
const mostOfAllocation = 3;
const mostOfPort = 5;

/** The lists of conflicts: all of them, and those of an allocation, a listener or a worktree. */
export function addConflicts(builder: Builder, Conflict: ConflictRef, Listener: ListenerRef): void {
  builder.queryField('conflicts', (t) =>
    t.field({
      type: [Conflict],
      description: 'What should be settled: open conflicts, the newest first; then, where wanted, the resolved ones.',
      args: {
        host: t.arg.string({ description: 'Only those on this host. Left out: on all hosts.' }),
        ids: t.arg.idList({
          description: 'Only these, at most 1000; ids that are unknown bring nothing. Left out: all.',
        }),
        includeResolved: t.arg.boolean({
          defaultValue: false,
          description: 'Those too that were resolved, as long as history is kept, the last one first.',
        }),
        ...pageArguments(builder, rootPage),
      },
      complexity: listComplexity(rootPage),
      resolve: async (_root, { includeResolved, first, skip, ...args }, { prisma }) => {
        const { host, ids } = parseInput(conflictsInput, args);
        const where = {
          ...(ids === undefined ? {} : { id: { in: ids } }),
          ...(host === null ? {} : { hostName: host }),
          ...(includeResolved ? {} : { resolvedAt: null }),
        };
        const rows = await prisma.conflict.findMany({
          where,
          orderBy: newestFirst,
          ...pageOf({ first, skip }, rootPage),
        });
        return rows.map(toConflict);
      },
    }),
  );

  builder.prismaObjectField('PortAllocation', 'conflicts', (t) =>
    t.field({
      type: [Conflict],
      description: 'What is to be settled about it: open conflicts, the newest first.',
      complexity: listOf(mostOfAllocation),
      resolve: ({ id }, _args, { loaders }) => loaders.conflictsOfAllocation.load(id),
    }),
  );
  builder.prismaObjectField('Worktree', 'conflicts', (t) =>
    t.field({
      type: [Conflict],
      description: 'What is to be settled about it, or about what listens in it: open conflicts, the newest first.',
      args: pageArguments(builder, nestedPage),
      complexity: listComplexity(nestedPage),
      resolve: ({ id }, args, { loaders }) =>
        loaders.conflictsOfWorktree.load({ of: id, wish: pageOf(args, nestedPage) }),
    }),
  );
  builder.objectField(Listener, 'conflicts', (t) =>
    t.field({
      type: [Conflict],
      description: 'What is to be settled about its port: open conflicts, the newest first.',
      complexity: listOf(mostOfPort),
      resolve: ({ hostName, port }, _args, { loaders }) => loaders.conflictsOnPort.load({ hostName, port }),
    }),
  );
}
