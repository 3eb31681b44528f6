import type { Allocation } from '../domain/registry-model.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { hostField } from './host-argument.ts';
import { releasePortInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { forceField } from './service-inputs.ts';
import { warningsAboutPorts, warningsOf } from './warnings.ts';

const { NotOwner, NotFound, InvalidInput } = refusals;

export function addReleasePort(builder: Builder, { PortAllocation, Conflict, OwnerInput }: GraphTypes): void {
  const ReleasePortSuccess = builder.objectRef<Allocation>('ReleasePortSuccess').implement({
    description: 'The port is free for others, after its quarantine.',
    fields: (t) => ({
      allocation: t.field({
        type: PortAllocation,
        description: 'The claim, released.',
        resolve: (released) => released,
      }),
      warnings: t.field({
        ...warningsOf(Conflict, 'What is wrong with the port, such as that something still listens on it.'),
        resolve: (released, _args, { prisma }) => warningsAboutPorts(prisma, [released]),
      }),
    }),
  });
  const ReleasePortInput = builder.inputType('ReleasePortInput', {
    description: 'A port that is no longer needed.',
    fields: (t) => ({
      port: t.field({ type: 'Port', required: true, description: 'The port.' }),
      host: hostField(t),
      owner: t.field({
        type: OwnerInput,
        description:
          'Who asks: the same worktree or conversation may, the same codebase where there is no worktree, anybody where there is no owner.',
      }),
      force: forceField(t, "Release somebody else's port, or one that public hostnames point at."),
    }),
  });

  builder.mutationField('releasePort', (t) =>
    t.field({
      type: ReleasePortSuccess,
      description: 'Releases a port for anyone to take. The allocation stays as history.',
      args: { input: t.arg({ type: ReleasePortInput, required: true, description: 'Which port, and who asks.' }) },
      errors: {
        types: [NotFound, NotOwner, InvalidInput],
        union: { name: 'ReleasePortResult', description: 'The released claim, or why it stays.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.releasePort(parseInput(releasePortInput, input))),
    }),
  );
}
