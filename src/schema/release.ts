import type { Allocation } from '../domain/registry-model.ts';
import type { Builder } from './builder.ts';
import { releasePortInput, transferPortsInput } from './inputs.ts';
import { parseInput } from './parse-input.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import { granted, refusals } from './refusals.ts';
import type { ServiceInputs } from './service-inputs.ts';

const { NotOwner, NotFound, InvalidInput } = refusals;
const hostDescription = "A host's name. Left out: the host that the server observes.";

/** The mutations that end a claim or hand it over. */
export function addRelease(builder: Builder, PortAllocation: PortAllocationRef, { OwnerInput }: ServiceInputs): void {
  const ReleasePortSuccess = builder.objectRef<Allocation>('ReleasePortSuccess').implement({
    description: 'The port is free for others, after its quarantine.',
    fields: (t) => ({
      allocation: t.field({
        type: PortAllocation,
        description: 'The claim, released.',
        resolve: (released) => released,
      }),
    }),
  });
  const TransferPortsSuccess = builder.objectRef<readonly Allocation[]>('TransferPortsSuccess').implement({
    description: 'The ports are in other hands.',
    fields: (t) => ({
      allocations: t.field({
        type: [PortAllocation],
        description: 'The claims as they are now, in the order of the ports.',
        resolve: (handedOver) => [...handedOver],
      }),
    }),
  });
  const ReleasePortInput = builder.inputType('ReleasePortInput', {
    description: 'A port that is no longer needed.',
    fields: (t) => ({
      port: t.field({ type: 'Port', required: true, description: 'The port.' }),
      host: t.string({ description: hostDescription }),
      owner: t.field({
        type: OwnerInput,
        description:
          'Who asks: the same worktree or conversation may, the same codebase where there is no worktree, anybody where there is no owner.',
      }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: "Release somebody else's port, or one that public hostnames point at.",
      }),
    }),
  });
  const TransferPortsInput = builder.inputType('TransferPortsInput', {
    description: 'Ports that are to change hands.',
    fields: (t) => ({
      host: t.string({ description: hostDescription }),
      ports: t.field({ type: ['Port'], required: true, description: 'The ports, 1 to 1000, each once.' }),
      owner: t.field({ type: OwnerInput, description: 'Who asks; the rule is that of releasePort.' }),
      to: t.field({
        type: OwnerInput,
        required: true,
        description:
          'Who gets them. A conversation alone becomes a party to them, and their worktree or codebase stays.',
      }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: "Hand over somebody else's ports, or ones that public hostnames point at.",
      }),
    }),
  });

  builder.mutationFields((t) => ({
    releasePort: t.field({
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
    transferPorts: t.field({
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
  }));
}
