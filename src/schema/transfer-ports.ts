import type { Allocation } from '../domain/registry-model.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { hostField } from './host-argument.ts';
import { mostTransferred, transferPortsInput } from './inputs.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { forceField } from './service-inputs.ts';

const { NotOwner, NotFound, InvalidInput } = refusals;

export function addTransferPorts(builder: Builder, { PortAllocation, OwnerInput }: GraphTypes): void {
  const TransferPortsSuccess = builder.objectRef<readonly Allocation[]>('TransferPortsSuccess').implement({
    description: 'The ports are in other hands.',
    fields: (t) => ({
      allocations: t.field({
        type: [PortAllocation],
        description: 'The claims as they are now, in the order of the ports.',
        complexity: listOf(mostTransferred),
        resolve: (handedOver) => [...handedOver],
      }),
    }),
  });
  const TransferPortsInput = builder.inputType('TransferPortsInput', {
    description: 'Ports that are to change hands.',
    fields: (t) => ({
      host: hostField(t),
      ports: t.field({ type: ['Port'], required: true, description: 'The ports, 1 to 1000, each once.' }),
      owner: t.field({ type: OwnerInput, description: 'Who asks; the rule is that of releasePort.' }),
      to: t.field({
        type: OwnerInput,
        required: true,
        description:
          'Who gets them. A conversation alone becomes a party to them, and their worktree or codebase stays.',
      }),
      force: forceField(t, "Hand over somebody else's ports, or ones that public hostnames point at."),
    }),
  });

  builder.mutationField('transferPorts', (t) =>
    t.field({
      type: TransferPortsSuccess,
      description: 'Hands live allocations to another worktree, codebase or conversation, all of them or none.',
      args: { input: t.arg({ type: TransferPortsInput, required: true, description: 'Which ports, and to whom.' }) },
      errors: {
        types: [NotOwner, NotFound, InvalidInput],
        union: { name: 'TransferPortsResult', description: 'The claims in their new hands, or why they stay.' },
      },
      resolve: async (_root, { input }, { registry }) =>
        granted(await registry.transferPorts(parseInput(transferPortsInput, input))),
    }),
  );
}
