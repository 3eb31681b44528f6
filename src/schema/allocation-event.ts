import type { EventFilter } from '../domain/event-filter.ts';
import { InvalidInput } from '../domain/refusals.ts';
import type { LoggedEvent } from '../storage/event-log.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import { listComplexity, longestList } from './limits.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import { queriedPath } from './queried-path.ts';

export function addAllocationEvent(builder: Builder, enums: Enums, PortAllocation: PortAllocationRef) {
  const AllocationEvent = builder.objectRef<LoggedEvent>('AllocationEvent').implement({
    description: 'A change to an allocation. Events are numbered in the order in which they were committed.',
    fields: (t) => ({
      cursor: t.field({
        type: 'EventCursor',
        description: 'Its place in the log: resume after it.',
        resolve: ({ number }) => number,
      }),
      kind: t.expose('kind', { type: enums.AllocationEventKind, description: 'What happened.' }),
      occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was decided.' }),
      cause: t.exposeString('cause', {
        nullable: true,
        description:
          'Why, where the registry acted by itself: a worktree removed, for one. Null where a caller asked for it.',
      }),
      allocation: t.field({
        type: PortAllocation,
        description: 'The allocation as it stood right after this event.',
        // With what it belongs to, so that a thousand subscribers do not ask for it a thousand times.
        resolve: ({ allocation, host, codebase, worktree }) => ({ ...allocation, host, codebase, worktree }),
      }),
    }),
  });

  const EventFilter = builder.inputType('EventFilter', {
    description:
      'Which events are wanted, by the allocation as it stood after them. All conditions must hold; what is null or left out does not matter.',
    fields: (t) => ({
      host: t.string({ description: "A host's name." }),
      kinds: t.field({ type: [enums.AllocationEventKind], description: 'Any of these kinds.' }),
      environments: t.field({ type: [enums.Environment], description: 'Any of these environments.' }),
      codebaseId: t.id({ description: 'Those of this codebase.' }),
      worktreePath: t.string({ description: 'Those of the worktree at this absolute path.' }),
      conversationId: t.string({ description: 'Those made on behalf of this conversation.' }),
      ports: t.field({ type: ['Port'], description: 'Any of these ports.' }),
    }),
  });

  const parseFilter = async (
    where: typeof EventFilter.$inferInput | null | undefined,
    observedHost: string,
  ): Promise<EventFilter> => {
    const { host, kinds, environments, codebaseId, conversationId, ports, worktreePath } = where ?? {};
    const isObserved = (host ?? observedHost) === observedHost;
    return {
      hostName: host ?? undefined,
      kinds: kinds ?? undefined,
      environments: environments ?? undefined,
      codebaseId: codebaseId ?? undefined,
      conversationId: conversationId ?? undefined,
      ports: ports ?? undefined,
      worktreePath: worktreePath ? await queriedPath(worktreePath, 'worktreePath', isObserved) : undefined,
    };
  };

  builder.queryField('allocationEvents', (t) =>
    t.field({
      type: [AllocationEvent],
      description: 'Past events, oldest first.',
      args: {
        where: t.arg({ type: EventFilter, description: 'Which of them. Left out: all.' }),
        after: t.arg({ type: 'EventCursor', description: 'Only those after this one. Left out: from the first on.' }),
        first: t.arg.int({ defaultValue: 100, description: `How many at most, 1 to ${longestList}.` }),
      },
      complexity: listComplexity,
      resolve: async (_root, { where, after, first }, { feed, registry }) => {
        const limit = first ?? 100;
        if (limit < 1 || limit > longestList) {
          throw new InvalidInput([{ path: ['first'], message: `It is a whole number from 1 to ${longestList}.` }]);
        }
        return feed.page(await parseFilter(where, registry.hostName), after ?? 0, limit);
      },
    }),
  );

  builder.queryField('latestEventCursor', (t) =>
    t.field({
      type: 'EventCursor',
      description:
        "The log's end now. Read it, then whatever else is wanted, then subscribe after it: no change in between is missed.",
      resolve: (_root, _args, { feed }) => feed.latest(),
    }),
  );

  builder.subscriptionField('allocationChanged', (t) =>
    t.field({
      type: AllocationEvent,
      description:
        'Changes to allocations, each once and in the order of their commits. With `after`, first everything since that cursor, then what happens from now on.',
      args: {
        where: t.arg({ type: EventFilter, description: 'Which of them. Left out: all.' }),
        after: t.arg({
          type: 'EventCursor',
          description: 'The last event seen. Left out: only what happens from now on.',
        }),
      },
      subscribe: async (_root, { where, after }, { feed, registry }) =>
        feed.subscribe(await parseFilter(where, registry.hostName), after ?? undefined),
      resolve: (event) => event,
    }),
  );
}
