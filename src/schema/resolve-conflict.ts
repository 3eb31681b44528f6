import { z } from 'zod';
import type { ConflictAction } from '../domain/conflicts.ts';
import type { ResolvedConflict } from '../domain/resolve.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { identifier } from './input-rules.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';

const { NotFound, PortUnavailable, RangeExhausted, InvalidInput } = refusals;

const resolveConflictInput = z.object({ id: identifier, action: z.custom<ConflictAction>() }); // by its enum

export function addResolveConflict(builder: Builder, { enums, Conflict, PortAllocation }: GraphTypes): void {
  const ResolveConflictSuccess = builder.objectRef<ResolvedConflict>('ResolveConflictSuccess').implement({
    description: 'The conflict is settled.',
    fields: (t) => ({
      conflict: t.field({
        type: Conflict,
        description: 'The conflict, resolved.',
        resolve: ({ conflict }) => conflict,
      }),
      allocation: t.field({
        type: PortAllocation,
        nullable: true,
        description:
          'The claim that came of it: the adopted one, the one on the new port, or the one that was released; null where none did, or several ended.',
        resolve: ({ allocation }) => allocation,
      }),
    }),
  });

  builder.mutationField('resolveConflict', (t) =>
    t.field({
      type: ResolveConflictSuccess,
      description: 'Settles an open conflict by one of its actions. No process is stopped by it.',
      args: {
        id: t.arg.id({ required: true, description: "The conflict's id." }),
        action: t.arg({ type: enums.ConflictAction, required: true, description: 'One of its actions.' }),
      },
      errors: {
        types: [NotFound, PortUnavailable, RangeExhausted, InvalidInput],
        union: { name: 'ResolveConflictResult', description: 'The settled conflict, or why it stays open.' },
      },
      resolve: async (_root, args, { registry }) =>
        granted(await registry.resolveConflict(parseInput(resolveConflictInput, args))),
    }),
  );
}
