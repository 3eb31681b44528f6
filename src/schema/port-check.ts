import { z } from 'zod';
import type { PortCheck as CheckRecord } from '../domain/check.ts';
import { toListener } from '../domain/listeners.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import type { HostRef } from './host.ts';
import { hostDescription, hostInput } from './host-argument.ts';
import { findHost } from './host-rows.ts';
import { hostName, identifier, optional } from './input-rules.ts';
import type { ListenerRef } from './listener.ts';
import { parseInput } from './parse-input.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import { granted } from './refusals.ts';

const recommendPortInput = z.object({ serviceName: identifier, host: optional(hostName) });

interface Types {
  readonly Host: HostRef;
  readonly PortAllocation: PortAllocationRef;
  readonly Listener: ListenerRef;
}

export function addPortCheck(builder: Builder, enums: Enums, { Host, PortAllocation, Listener }: Types): void {
  const PortCheck = builder.objectRef<CheckRecord>('PortCheck').implement({
    description: 'Everything known about one port, and a plain sentence that an agent can relay.',
    fields: (t) => ({
      port: t.expose('port', { type: 'Port', description: 'The port.' }),
      host: t.prismaField({
        type: Host,
        description: 'The host whose port it is.',
        resolve: (query, { hostName }, _args, { prisma }) => findHost(prisma, { ...query }, hostName),
      }),
      available: t.exposeBoolean('available', {
        description: 'Whether it can be allocated now: there is no reason against it.',
      }),
      reasons: t.expose('reasons', {
        type: [enums.UnavailableReason],
        description: 'Why it cannot be had; empty where it can.',
      }),
      allocation: t.field({
        type: PortAllocation,
        nullable: true,
        description: 'Who holds it; null where nobody does.',
        resolve: ({ allocation }) => allocation,
      }),
      listener: t.field({
        type: Listener,
        nullable: true,
        description: 'What listens on it right now; null where nobody does, or where it cannot be told.',
        resolve: ({ listener, hostName }) => listener && toListener(listener, hostName),
      }),
      suggestions: t.expose('suggestions', { type: ['Port'], description: 'Free ports to take instead, or next.' }),
      explanation: t.exposeString('explanation', {
        description: 'All of this in a sentence or two, for a person or an agent.',
      }),
    }),
  });

  builder.queryFields((t) => ({
    checkPort: t.field({
      type: PortCheck,
      description: 'What is known about one port: who holds it, whether it can be had, and what to take instead.',
      args: {
        port: t.arg({ type: 'Port', required: true, description: 'The port.' }),
        host: t.arg.string({ description: hostDescription }),
      },
      resolve: (_root, { port, ...args }, { registry }) => registry.checkPort({ port, ...parseInput(hostInput, args) }),
    }),
    recommendPort: t.field({
      type: PortCheck,
      description:
        'The port that a service without an owner would be given now. Nothing is held by asking: allocate to have it. Where the range is full, an error with the code RANGE_EXHAUSTED.',
      args: {
        serviceName: t.arg.string({ required: true, description: "The service's name." }),
        environment: t.arg({
          type: enums.Environment,
          required: true,
          defaultValue: 'dev',
          description: 'Whose range.',
        }),
        host: t.arg.string({ description: hostDescription }),
      },
      resolve: async (_root, { environment, ...args }, { registry }) =>
        granted(await registry.recommendPort({ environment, ...parseInput(recommendPortInput, args) })),
    }),
  }));
}
