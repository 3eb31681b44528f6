import type { Grant } from '../domain/allocate.ts';
import type { InvalidInput, NotFound, PortUnavailable } from '../domain/refusals.ts';
import { decideRegistration, type Registration } from '../domain/register.ts';
import type { RegistryContext } from './context.ts';
import { expectsNothing } from './operation.ts';
import { claimingOwner } from './owner-paths.ts';
import { refuseNewHosts } from './refuse-new-hosts.ts';

export interface RegisterPortInput extends Omit<Registration, 'hostName'> {
  readonly host: string | null;
}

/** Claims a known port for a service that exists. */
export async function registerPort(
  context: RegistryContext,
  input: RegisterPortInput,
): Promise<Grant | PortUnavailable | NotFound | InvalidInput> {
  const hostName = input.host ?? context.hostName;
  const refused = await refuseNewHosts(context, [hostName], 'host');
  if (refused) return refused;
  const owner = await claimingOwner(context, input.owner, { hostName });
  const { port } = input;
  return context.writer.submit({
    name: 'register',
    hosts: [hostName],
    reads: {
      worktrees: owner.worktreePath === null ? [] : [{ hostName, path: owner.worktreePath, withAllocations: false }],
      services: [],
      ports: [{ hostName, port }],
    },
    expects: expectsNothing,
    decide: (surroundings) => decideRegistration({ ...input, hostName, owner }, surroundings),
  });
}
