import type { RegisteredWorktree } from '../domain/worktrees.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { hostField } from './host-argument.ts';
import { mostServices, registerWorktreeInput } from './inputs.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { environmentField } from './service-inputs.ts';
import { warningsAboutClaims, warningsOf } from './warnings.ts';

const { PortUnavailable, RangeExhausted, NotFound, InvalidInput } = refusals;

export function addRegisterWorktree(builder: Builder, types: GraphTypes): void {
  const RegisterWorktreeSuccess = addRegisterWorktreeSuccess(builder, types);
  const RegisterWorktreeInput = addRegisterWorktreeInput(builder, types);

  builder.mutationField('registerWorktree', (t) =>
    t.field({
      type: RegisterWorktreeSuccess,
      description:
        'Registers a worktree and allocates a port for it, or one for each service named, all of them or none. Repeating it is safe.',
      args: { input: t.arg({ type: RegisterWorktreeInput, required: true, description: 'The worktree.' }) },
      errors: {
        types: [PortUnavailable, RangeExhausted, NotFound, InvalidInput],
        union: { name: 'RegisterWorktreeResult', description: 'The worktree and its ports, or why it was refused.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.registerWorktree(parseInput(registerWorktreeInput, input))),
    }),
  );
}

function addRegisterWorktreeSuccess(builder: Builder, { Worktree, PortAllocation, Conflict }: GraphTypes) {
  return builder.objectRef<RegisteredWorktree>('RegisterWorktreeSuccess').implement({
    description: 'The worktree is registered and has its ports.',
    fields: (t) => ({
      worktree: t.prismaField({
        type: Worktree,
        description: 'The worktree as it is now.',
        resolve: (query, { worktree }, _args, { prisma }) =>
          prisma.worktree.findUniqueOrThrow({ ...query, where: { id: worktree.id } }),
      }),
      allocations: t.field({
        type: [PortAllocation],
        description: 'Its ports, in the order of the services.',
        complexity: listOf(mostServices),
        resolve: ({ allocations }) => [...allocations],
      }),
      created: t.exposeBoolean('created', {
        description: 'False where it was registered before and was brought up to date.',
      }),
      warnings: t.field({
        ...warningsOf(Conflict, 'What is wrong with its claims, or with their range being nearly full.'),
        resolve: ({ allocations }, _args, { prisma }) => warningsAboutClaims(prisma, allocations),
      }),
    }),
  });
}

function addRegisterWorktreeInput(builder: Builder, { enums, ServiceRequest }: GraphTypes) {
  return builder.inputType('RegisterWorktreeInput', {
    description: 'A worktree and the services that want a port in it.',
    fields: (t) => ({
      path: t.string({ required: true, description: 'Its absolute path, at most 1024 bytes.' }),
      branch: t.string({ description: 'The branch that is checked out; left out for a detached head.' }),
      codebaseId: t.id({ description: 'What it is a checkout of.' }),
      conversationId: t.string({ description: "The conversation that works in it, in the caller's own terms." }),
      host: hostField(t),
      environment: environmentField(t, enums),
      services: t.field({
        type: [ServiceRequest],
        description:
          'The services, 1 to 100, each once. Left out: one named after codebase and branch (after the directory where neither is known), unless the worktree holds a port already.',
      }),
    }),
  });
}
