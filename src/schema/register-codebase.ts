import type { RegisteredCodebase } from '../domain/codebases.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { registerCodebaseInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { warningsAboutConfiguration, warningsOf } from './warnings.ts';

const { InvalidInput } = refusals;

export function addRegisterCodebase(builder: Builder, { Codebase, Conflict }: GraphTypes): void {
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
      warnings: t.field({
        ...warningsOf(Conflict, 'Which of its ports somebody else holds or configures.'),
        resolve: ({ codebase }, _args, { prisma }) => warningsAboutConfiguration(prisma, codebase),
      }),
    }),
  });
  const RegisterCodebaseInput = addRegisterCodebaseInput(builder);

  builder.mutationField('registerCodebase', (t) =>
    t.field({
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
  );
}

function addRegisterCodebaseInput(builder: Builder) {
  const PortConfigInput = addPortConfigInput(builder);
  return builder.inputType('RegisterCodebaseInput', {
    description:
      'A codebase. It is the one with this id, else with this repository URL, else, where neither is given, the one with this name and directory and no URL. What is left out stays as it was, null clears it.',
    fields: (t) => ({
      id: t.id({ description: "The caller's own id for it, at most 255 characters. Left out: a new UUID." }),
      name: t.string({ required: true, description: 'What people call it, 1 to 255 characters.' }),
      repositoryUrl: t.string({
        description: 'Where it is cloned from, at most 1024 bytes; no two codebases share one.',
      }),
      defaultCwd: t.string({ description: 'The absolute path of its main checkout.' }),
      portConfig: t.field({
        type: PortConfigInput,
        description: 'The ports that it keeps for itself; replaces the former ones.',
      }),
    }),
  });
}

function addPortConfigInput(builder: Builder) {
  const ServicePortInput = builder.inputType('ServicePortInput', {
    description: 'A port that a codebase keeps for one of its services.',
    fields: (t) => ({
      service: t.string({ required: true, description: "The service's name, 1 to 255 characters." }),
      port: t.field({ type: 'Port', required: true, description: 'Its port, on every host.' }),
    }),
  });
  return builder.inputType('PortConfigInput', {
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
}
