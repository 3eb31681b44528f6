import type { Grant } from '../domain/allocate.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { allocatePortsInput, mostServices } from './inputs.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { claimFields } from './service-inputs.ts';
import { warningsAboutClaims, warningsOf } from './warnings.ts';

const { PortUnavailable, RangeExhausted, NotFound, InvalidInput } = refusals;

export function addAllocatePorts(builder: Builder, types: GraphTypes): void {
  const AllocatePortsSuccess = builder.objectRef<readonly Grant[]>('AllocatePortsSuccess').implement({
    description: 'All the ports are held.',
    fields: (t) => ({
      allocations: t.field({
        type: [types.PortAllocation],
        description: 'The claims, in the order of the services.',
        complexity: listOf(mostServices),
        resolve: (grants) => grants.map(({ allocation }) => allocation),
      }),
      created: t.booleanList({
        description: 'For each service, false where its owner already held the port.',
        resolve: (grants) => grants.map(({ created }) => created),
      }),
      warnings: t.field({
        ...warningsOf(types.Conflict, 'What is wrong with the claims, or with their range being nearly full.'),
        resolve: (grants, _args, { prisma }) =>
          warningsAboutClaims(
            prisma,
            grants.map(({ allocation }) => allocation),
          ),
      }),
    }),
  });
  const force = 'Allocate exact ports even though something listens on them. Overrides nothing else.';
  const AllocatePortsInput = builder.inputType('AllocatePortsInput', {
    description: 'Services that want a port each, and for whom.',
    fields: (t) => ({
      services: t.field({
        type: [types.ServiceRequest],
        required: true,
        description: 'The services, 1 to 100, each once.',
      }),
      ...claimFields(t, types, { claimed: 'them', force }),
    }),
  });

  builder.mutationField('allocatePorts', (t) =>
    t.field({
      type: AllocatePortsSuccess,
      description: 'Gives each of several services a port, all of them or none. Repeating it is safe.',
      args: { input: t.arg({ type: AllocatePortsInput, required: true, description: 'What is wanted.' }) },
      errors: {
        types: [PortUnavailable, RangeExhausted, NotFound, InvalidInput],
        union: { name: 'AllocatePortsResult', description: 'The ports, or why there are none.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.allocatePorts(parseInput(allocatePortsInput, input))),
    }),
  );
}
