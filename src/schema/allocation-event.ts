import type { LoggedEvent } from '../storage/event-log.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import { addEventFilter, parseEventFilter } from './event-filter.ts';
import { listComplexity, longestList, pageOf, rootPage } from './list-arguments.ts';
import type { PortAllocationRef } from './port-allocation.ts';

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
          'Why, where the registry acted by itself: a worktree removed, for one. Where force was used, that it was, and on whose behalf. Null otherwise.',
      }),
      allocation: t.field({
        type: PortAllocation,
        description: 'The allocation as it stood right after this event.',
        // With what it belongs to, so that a thousand subscribers do not ask for it a thousand times.
        resolve: ({ allocation, host, codebase, worktree }) => ({
          ...allocation,
          host,
          codebase,
          worktree,
          isAsItWas: true,
        }),
      }),
    }),
  });

  const EventFilter = addEventFilter(builder, enums);
  builder.queryField('allocationEvents', (t) =>
    t.field({
      type: [AllocationEvent],
      description: 'Past events, oldest first.',
      args: {
        where: t.arg({ type: EventFilter, description: 'Which of them. Left out: all.' }),
        after: t.arg({ type: 'EventCursor', description: 'Only those after this one. Left out: from the first on.' }),
        first: t.arg.int({ defaultValue: rootPage, description: `How many at most, 1 to ${longestList}.` }),
      },
      complexity: listComplexity(rootPage),
      resolve: async (_root, { where, after, first }, { feed, registry }) => {
        const { take } = pageOf({ first }, rootPage);
        return feed.page(await parseEventFilter(where, registry), after ?? undefined, take);
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
        feed.subscribe(await parseEventFilter(where, registry), after ?? undefined),
      resolve: (event) => event,
    }),
  );
}
