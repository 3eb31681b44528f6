import type { Grant } from '../domain/allocate.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { allocatePortInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { claimFields, serviceFields } from './service-inputs.ts';
import { warningsAboutClaims, warningsOf } from './warnings.ts';

const { PortUnavailable, RangeExhausted, NotFound, InvalidInput } = refusals;

export type AllocatePortSuccessRef = ReturnType<typeof addAllocatePortSuccess>;

/** What allocatePort and registerPort answer with. */
export function addAllocatePortSuccess(builder: Builder, { PortAllocation, Conflict }: GraphTypes) {
  return builder.objectRef<Grant>('AllocatePortSuccess').implement({
    description: 'The port is held.',
    fields: (t) => ({
      allocation: t.field({
        type: PortAllocation,
        description: 'The claim on it.',
        resolve: ({ allocation }) => allocation,
      }),
      created: t.exposeBoolean('created', {
        description: 'False where the same owner already held a port for this service, which is returned again.',
      }),
      warnings: t.field({
        ...warningsOf(Conflict, 'What is wrong with the claim, or with its range being nearly full.'),
        resolve: ({ allocation }, _args, { prisma }) => warningsAboutClaims(prisma, [allocation]),
      }),
    }),
  });
}

export function addAllocatePort(
  builder: Builder,
  types: GraphTypes,
  AllocatePortSuccess: AllocatePortSuccessRef,
): void {
  const force = 'Allocate an exact port even though something listens on it. Overrides nothing else.';
  const AllocatePortInput = builder.inputType('AllocatePortInput', {
    description: 'A service that wants a port, and for whom.',
    fields: (t) => ({ ...serviceFields(t), ...claimFields(t, types, { claimed: 'it', force }) }),
  });

  builder.mutationField('allocatePort', (t) =>
    t.field({
      type: AllocatePortSuccess,
      description:
        'Gives a service a port: the one it holds already, else the preferred or exact one, the one its codebase configures, the one it held before, or a free one. Repeating it is safe.',
      args: { input: t.arg({ type: AllocatePortInput, required: true, description: 'What is wanted.' }) },
      errors: {
        types: [PortUnavailable, RangeExhausted, NotFound, InvalidInput],
        union: { name: 'AllocatePortResult', description: 'The port, or why there is none.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.allocatePort(parseInput(allocatePortInput, input))),
    }),
  );
}
