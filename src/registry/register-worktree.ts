import type { AllocationRefusal } from '../domain/allocate.ts';
import { decideWorktreeRegistration, type RegisteredWorktree, type WorktreeRegistration } from '../domain/worktrees.ts';
import { expectation, namedPorts } from './allocate-ports.ts';
import type { RegistryContext } from './context.ts';
import { claimedWorktree } from './owner-paths.ts';
import { refuseNewHosts } from './refuse-new-hosts.ts';

export interface RegisterWorktreeInput extends Omit<WorktreeRegistration, 'hostName' | 'device'> {
  readonly host: string | null;
}

/** Registers a worktree and allocates a port for it, or one for each service named. */
export async function registerWorktree(
  context: RegistryContext,
  input: RegisterWorktreeInput,
): Promise<RegisteredWorktree | AllocationRefusal> {
  const hostName = input.host ?? context.hostName;
  const refused = await refuseNewHosts(context, [hostName], 'host');
  if (refused) return refused;
  const { path, device } = await claimedWorktree(context, { path: input.path, hostName, field: ['path'] });
  return context.writer.submit({
    name: 'register-worktree',
    hosts: [hostName],
    reads: {
      worktrees: [{ hostName, path, withAllocations: true }],
      services: [],
      ports: namedPorts(input.services ?? []).map((port) => ({ hostName, port })),
    },
    expects: expectation(input.services ?? [], input.environment),
    decide: (surroundings) => decideWorktreeRegistration({ ...input, hostName, path, device }, surroundings),
  });
}
