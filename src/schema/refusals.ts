import { toListener } from '../domain/listeners.ts';
import {
  InvalidInput,
  isRefusal,
  NotFound,
  NotOwner,
  PortUnavailable,
  RangeExhausted,
  type Refusal,
} from '../domain/refusals.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import type { ListenerRef } from './listener.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import type { PortRangeRef } from './port-range.ts';

/** The classes that a field can name in its `errors`, each an object type of its own name. */
export const refusals = { PortUnavailable, RangeExhausted, NotOwner, NotFound, InvalidInput };

export function addRefusals(
  builder: Builder,
  enums: Enums,
  types: { PortAllocation: PortAllocationRef; PortRange: PortRangeRef; Listener: ListenerRef },
) {
  const { PortAllocation, PortRange, Listener } = types;
  const ErrorInterface = builder.interfaceRef<Refusal>('Error').implement({
    description: 'A refusal that the caller can act on. Faults are GraphQL errors instead.',
    fields: (t) => ({
      code: t.expose('code', { type: enums.ErrorCode, description: 'Which refusal it is.' }),
      message: t.exposeString('message', { description: 'What is wrong and what to do, for a person or an agent.' }),
    }),
  });
  const InputIssue = builder.objectRef<InvalidInput['issues'][number]>('InputIssue').implement({
    description: 'One misfit of an input.',
    fields: (t) => ({
      path: t.expose('path', { type: ['String'], description: 'Where it is, from the input object inwards.' }),
      message: t.exposeString('message', { description: 'What would fit.' }),
    }),
  });

  builder.objectType(PortUnavailable, {
    name: 'PortUnavailable',
    interfaces: [ErrorInterface],
    description: 'The port cannot be had.',
    fields: (t) => ({
      port: t.expose('port', { type: 'Port', description: 'The port that was asked for.' }),
      reasons: t.expose('reasons', { type: [enums.UnavailableReason], description: 'Every reason against it.' }),
      holder: t.field({
        type: PortAllocation,
        nullable: true,
        description: 'The live allocation that holds it; null where none does.',
        resolve: ({ holder }) => holder,
      }),
      listener: t.field({
        type: Listener,
        nullable: true,
        description: 'What listens on it right now; null where nobody does, or where it cannot be told.',
        resolve: ({ listener, hostName }) => listener && toListener(listener, hostName),
      }),
      suggestions: t.expose('suggestions', {
        type: ['Port'],
        description: 'Free ports of the environment to take instead.',
      }),
    }),
  });
  builder.objectType(RangeExhausted, {
    name: 'RangeExhausted',
    interfaces: [ErrorInterface],
    description: "No port of the environment's range is free for this caller.",
    fields: (t) => ({
      range: t.field({
        type: PortRange,
        description: 'The range and how full it is.',
        resolve: async ({ hostName, environment }, _args, { loaders }) => {
          const range = (await loaders.rangeUsage.load(hostName)).find((usage) => usage.environment === environment);
          if (!range) throw new Error(`The ${environment} environment has no range.`);
          return range;
        },
      }),
    }),
  });
  builder.objectType(NotOwner, {
    name: 'NotOwner',
    interfaces: [ErrorInterface],
    description: 'Somebody else holds it, or something public depends on it.',
    fields: (t) => ({
      holder: t.field({
        type: PortAllocation,
        description: 'The allocation that would have been changed.',
        resolve: ({ holder }) => holder,
      }),
    }),
  });
  builder.objectType(NotFound, {
    name: 'NotFound',
    interfaces: [ErrorInterface],
    description: 'There is no such thing.',
  });
  builder.objectType(InvalidInput, {
    name: 'InvalidInput',
    interfaces: [ErrorInterface],
    description: 'What was sent does not fit.',
    fields: (t) => ({
      issues: t.expose('issues', { type: [InputIssue], description: 'Every misfit.' }),
    }),
  });
}

/** An outcome without its refusals, which the errors plugin catches. */
export function granted<Outcome>(outcome: Outcome): Exclude<Outcome, Refusal> {
  if (isRefusal(outcome)) throw outcome;
  return outcome as Exclude<Outcome, Refusal>; // what else it can be
}
