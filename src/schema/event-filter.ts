import { z } from 'zod';
import type { EventFilter } from '../domain/event-filter.ts';
import type { EventKind } from '../domain/registry-model.ts';
import type { Registry } from '../registry/registry.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import { absolutePath, environment, hostName, identifier, port, severalOf } from './input-rules.ts';
import { parseInput } from './parse-input.ts';

export type EventFilterRef = ReturnType<typeof addEventFilter>;

export function addEventFilter(builder: Builder, { AllocationEventKind, Environment }: Enums) {
  return builder.inputType('EventFilter', {
    description:
      'Which events are wanted, by the allocation as it stood after them. All conditions must hold; what is null or left out does not matter. A list has at most 1000 entries.',
    fields: (t) => ({
      host: t.string({ description: "A host's name." }),
      kinds: t.field({ type: [AllocationEventKind], description: 'Any of these kinds.' }),
      environments: t.field({ type: [Environment], description: 'Any of these environments.' }),
      codebaseId: t.id({ description: 'Those of this codebase.' }),
      worktreePath: t.string({ description: 'Those of the worktree at this absolute path.' }),
      conversationId: t.string({ description: 'Those made on behalf of this conversation.' }),
      ports: t.field({ type: ['Port'], description: 'Any of these ports.' }),
    }),
  });
}

const wanted = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined);

const eventFilterInput = z.object({
  host: wanted(hostName),
  kinds: wanted(severalOf(z.custom<EventKind>())), // by its enum
  environments: wanted(severalOf(environment)),
  codebaseId: wanted(identifier),
  worktreePath: wanted(absolutePath),
  conversationId: wanted(identifier),
  ports: wanted(severalOf(port)),
});

/** The filter for the feed. A path is taken as the registry knows it. */
export async function parseEventFilter(
  filter: EventFilterRef['$inferInput'] | null | undefined,
  registry: Registry,
): Promise<EventFilter> {
  const { host, worktreePath, ...rest } = parseInput(eventFilterInput, filter ?? {});
  if (worktreePath === undefined) return { ...rest, hostName: host };
  const named = { path: worktreePath, hostName: host ?? registry.hostName, field: ['worktreePath'] };
  return { ...rest, hostName: host, worktreePath: await registry.canonicalPath(named) };
}
