import { decided } from '../domain/decision.ts';
import type { InvalidInput, NotFound, NotOwner } from '../domain/refusals.ts';
import type { Allocation } from '../domain/registry-model.ts';
import { decideTransfer, type TransferRequest } from '../domain/transfer.ts';
import type { RegistryContext } from './context.ts';
import { expectsNothing } from './operation.ts';
import { canonicalOwner, claimingOwner } from './owner-paths.ts';

export interface TransferPortsInput extends Omit<TransferRequest, 'hostName'> {
  readonly host: string | null;
}

/** Hands live allocations to another worktree, codebase or conversation, all of them or none. */
export async function transferPorts(
  context: RegistryContext,
  input: TransferPortsInput,
): Promise<Allocation[] | NotOwner | NotFound | InvalidInput> {
  const hostName = input.host ?? context.hostName;
  const owner = await canonicalOwner(context, input.owner, hostName);
  const to = await claimingOwner(context, input.to, { hostName, field: ['to', 'worktreePath'] });
  const path = to.worktreePath;
  return context.writer.submit({
    name: 'transfer',
    hosts: [hostName],
    reads: {
      worktrees: path === null ? [] : [{ hostName, path, withAllocations: false }],
      services: [],
      ports: input.ports.map((port) => ({ hostName, port })),
    },
    expects: expectsNothing,
    decide: ({ ledger }) => decided(decideTransfer({ ...input, hostName, owner, to }, ledger)),
  });
}
