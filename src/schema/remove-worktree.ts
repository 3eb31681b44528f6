import type { RemovedWorktree } from '../domain/worktrees.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { hostField } from './host-argument.ts';
import { mostServices, removeWorktreeInput } from './inputs.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { forceField } from './service-inputs.ts';
import { warningsAboutPorts, warningsOf } from './warnings.ts';

const { NotOwner, NotFound, InvalidInput } = refusals;

export function addRemoveWorktree(
  builder: Builder,
  { Worktree, PortAllocation, Conflict, OwnerInput }: GraphTypes,
): void {
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
        complexity: listOf(mostServices),
        resolve: ({ released }) => [...released],
      }),
      warnings: t.field({
        ...warningsOf(Conflict, 'What is wrong with the ports, such as that something still listens on one.'),
        resolve: ({ released }, _args, { prisma }) => warningsAboutPorts(prisma, released),
      }),
    }),
  });
  const RemoveWorktreeInput = builder.inputType('RemoveWorktreeInput', {
    description: 'A worktree that is no longer there, or soon will not be.',
    fields: (t) => ({
      path: t.string({ required: true, description: 'Its absolute path.' }),
      host: hostField(t),
      owner: t.field({
        type: OwnerInput,
        description:
          'Who asks. This matters only where the worktree holds production ports or ones that public hostnames point at: these are released as with releasePort.',
      }),
      force: forceField(t, 'Release production and public ports too, even those of other owners.'),
    }),
  });

  builder.mutationField('removeWorktree', (t) =>
    t.field({
      type: RemoveWorktreeSuccess,
      description:
        'Removes a worktree from the registry and releases what it holds. Refused as a whole where it holds a production or public port that the caller could not release by itself. Nothing on disk is touched.',
      args: { input: t.arg({ type: RemoveWorktreeInput, required: true, description: 'Which one, and who asks.' }) },
      errors: {
        types: [NotFound, NotOwner, InvalidInput],
        union: { name: 'RemoveWorktreeResult', description: 'The removed worktree, or why it stays.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.removeWorktree(parseInput(removeWorktreeInput, input))),
    }),
  );
}
