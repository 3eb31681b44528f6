import type { RegisteredCodebase } from '../domain/codebases.ts';
import type { RegisteredWorktree, RemovedWorktree } from '../domain/worktrees.ts';
import type { Builder } from './builder.ts';
import type { CodebaseRef } from './codebase.ts';
import type { Enums } from './enums.ts';
import { registerCodebaseInput, registerWorktreeInput, removeWorktreeInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import { granted, refusals } from './refusals.ts';
import type { ServiceInputs } from './service-inputs.ts';
import type { WorktreeRef } from './worktree.ts';

const { PortUnavailable, RangeExhausted, NotFound, InvalidInput } = refusals;
const hostDescription = "A host's name. Left out: the host that the server observes.";

interface Types {
  readonly Codebase: CodebaseRef;
  readonly Worktree: WorktreeRef;
  readonly PortAllocation: PortAllocationRef;
}

/** The mutations that register codebases and worktrees, and remove worktrees. */
export function addRegister(
  builder: Builder,
  enums: Enums,
  { Codebase, Worktree, PortAllocation }: Types,
  inputs: ServiceInputs,
): void {
  const RegisterCodebaseSuccess = builder.objectRef<RegisteredCodebase>('RegisterCodebaseSuccess').implement({
    description: 'The codebase is registered.',
    fields: (t) => ({
      codebase: t.prismaField({
        type: Codebase,
        description: 'The codebase as it is now.',
        resolve: (query, { codebase }, _args, { prisma }) =>
          prisma.codebase.findUniqueOrThrow({ ...query, where: { id: codebase.id } }),
      }),
      created: t.exposeBoolean('created', {
        description: 'False where it was registered before and was brought up to date.',
      }),
    }),
  });
  const RegisterWorktreeSuccess = builder.objectRef<RegisteredWorktree>('RegisterWorktreeSuccess').implement({
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
        resolve: ({ allocations }) => [...allocations],
      }),
      created: t.exposeBoolean('created', {
        description: 'False where it was registered before and was brought up to date.',
      }),
    }),
  });
  const RemoveWorktreeSuccess = builder.objectRef<RemovedWorktree>('RemoveWorktreeSuccess').implement({
    description: 'The worktree is no longer registered.',
    fields: (t) => ({
      worktree: t.prismaField({
        type: Worktree,
        description: 'The worktree, removed.',
        resolve: (query, { worktree }, _args, { prisma }) =>
          prisma.worktree.findUniqueOrThrow({ ...query, where: { id: worktree.id } }),
      }),
      released: t.field({
        type: [PortAllocation],
        description: 'What it held, released, by port.',
        resolve: ({ released }) => [...released],
      }),
    }),
  });

  const ServicePortInput = builder.inputType('ServicePortInput', {
    description: 'A port that a codebase keeps for one of its services.',
    fields: (t) => ({
      service: t.string({ required: true, description: "The service's name, 1 to 255 characters." }),
      port: t.field({ type: 'Port', required: true, description: 'Its port, on every host.' }),
    }),
  });
  const PortConfigInput = builder.inputType('PortConfigInput', {
    description: 'The ports that a codebase keeps for itself. Other codebases do not get them automatically.',
    fields: (t) => ({
      primaryPort: t.field({ type: 'Port', description: "For the service that bears the codebase's name." }),
      servicePorts: t.field({
        type: [ServicePortInput],
        required: true,
        defaultValue: [],
        description: 'For its services, at most 100, each once.',
      }),
    }),
  });
  const RegisterCodebaseInput = builder.inputType('RegisterCodebaseInput', {
    description:
      'A codebase. It is the one with this id, else with this repository URL, else, where neither is given, the one with this name and directory and no URL. What is left out stays as it was, null clears it.',
    fields: (t) => ({
      id: t.id({ description: "The caller's own id for it, at most 255 characters. Left out: a new UUID." }),
      name: t.string({ required: true, description: 'What people call it, 1 to 255 characters.' }),
      repositoryUrl: t.string({ description: 'Where it is cloned from; no two codebases share one.' }),
      defaultCwd: t.string({ description: 'The absolute path of its main checkout.' }),
      portConfig: t.field({
        type: PortConfigInput,
        description: 'The ports that it keeps for itself; replaces the former ones.',
      }),
    }),
  });
  const RegisterWorktreeInput = builder.inputType('RegisterWorktreeInput', {
    description: 'A worktree and the services that want a port in it.',
    fields: (t) => ({
      path: t.string({ required: true, description: 'Its absolute path, at most 1024 bytes.' }),
      branch: t.string({ description: 'The branch that is checked out; left out for a detached head.' }),
      codebaseId: t.id({ description: 'What it is a checkout of.' }),
      conversationId: t.string({ description: "The conversation that works in it, in the caller's own terms." }),
      host: t.string({ description: hostDescription }),
      environment: t.field({
        type: enums.Environment,
        required: true,
        defaultValue: 'dev',
        description: 'Whose range.',
      }),
      services: t.field({
        type: [inputs.ServiceRequest],
        description:
          'The services, 1 to 100, each once. Left out: one named after codebase and branch (after the directory where neither is known), unless the worktree holds a port already.',
      }),
    }),
  });
  const RemoveWorktreeInput = builder.inputType('RemoveWorktreeInput', {
    description: 'A worktree that is no longer there, or soon will not be.',
    fields: (t) => ({
      path: t.string({ required: true, description: 'Its absolute path.' }),
      host: t.string({ description: hostDescription }),
    }),
  });

  builder.mutationFields((t) => ({
    registerCodebase: t.field({
      type: RegisterCodebaseSuccess,
      description: 'Registers a codebase or brings one up to date. Repeating it is safe.',
      args: { input: t.arg({ type: RegisterCodebaseInput, required: true, description: 'The codebase.' }) },
      errors: {
        types: [InvalidInput],
        union: { name: 'RegisterCodebaseResult', description: 'The codebase, or what does not fit.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.registerCodebase(parseInput(registerCodebaseInput, input))),
    }),
    registerWorktree: t.field({
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
    removeWorktree: t.field({
      type: RemoveWorktreeSuccess,
      description: 'Removes a worktree from the registry and releases what it holds. Nothing on disk is touched.',
      args: { input: t.arg({ type: RemoveWorktreeInput, required: true, description: 'Which one.' }) },
      errors: {
        types: [NotFound, InvalidInput],
        union: { name: 'RemoveWorktreeResult', description: 'The removed worktree, or that there is none.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.removeWorktree(parseInput(removeWorktreeInput, input))),
    }),
  }));
}
