import { type AllocationRefusal, decideAllocation, type Grant, type ServiceRequest } from '../domain/allocate.ts';
import { type Owner, ownerKey } from '../domain/owner.ts';
import type { Environment } from '../domain/policy.ts';
import { InvalidInput, isRefusal } from '../domain/refusals.ts';
import type { RegistryContext } from './context.ts';
import type { Expectation } from './operation.ts';
import { claimingOwner } from './owner-paths.ts';
import { refuseNewHosts } from './refuse-new-hosts.ts';

export interface AllocatePortsInput {
  readonly services: readonly ServiceRequest[];
  readonly environment: Environment;
  readonly owner: Owner;
  /** Null: the observed one. */
  readonly host: string | null;
  readonly force: boolean;
}

/** Allocates a port for each service, all of them or none; gives those back that the owner already holds. */
export async function allocatePorts(
  context: RegistryContext,
  input: AllocatePortsInput,
): Promise<Grant[] | AllocationRefusal> {
  const { services, environment, force } = input;
  const hostName = input.host ?? context.hostName;
  const refused = await refuseNewHosts(context, [hostName], 'host');
  if (refused) return refused;
  const owner = await claimingOwner(context, input.owner, { hostName });
  const { worktreePath } = owner;
  return context.writer.submit({
    name: 'allocate',
    hosts: [hostName],
    reads: {
      worktrees: worktreePath === null ? [] : [{ hostName, path: worktreePath, withAllocations: false }],
      services: serviceKeys(services, { hostName, environment, owner: ownerKey(owner) }),
      ports: namedPorts(services).map((port) => ({ hostName, port })),
    },
    expects: expectation(services, environment),
    decide: (surroundings) => decideAllocation({ hostName, environment, owner, services, force }, surroundings),
  });
}

/** Allocates one port; see `allocatePorts`. */
export async function allocatePort(
  context: RegistryContext,
  { service, ...rest }: Omit<AllocatePortsInput, 'services'> & { readonly service: ServiceRequest },
): Promise<Grant | AllocationRefusal> {
  const outcome = await allocatePorts(context, { ...rest, services: [service] });
  if (isRefusal(outcome)) return outcome instanceof InvalidInput ? atTheTop(outcome) : outcome;
  const [grant] = outcome;
  if (!grant) throw new Error('A group of one was granted nothing.');
  return grant;
}

/** A lone service's fields stand at the top of its input. */
function atTheTop({ issues }: InvalidInput): InvalidInput {
  return new InvalidInput(
    issues.map((issue) => (issue.path[0] === 'services' ? { ...issue, path: issue.path.slice(2) } : issue)),
  );
}

function serviceKeys<Key>(services: readonly ServiceRequest[], rest: Key) {
  return services.map(({ serviceName }) => ({ ...rest, serviceName }));
}

/** The ports that the services ask for by number. */
export function namedPorts(services: readonly ServiceRequest[]): number[] {
  return services.flatMap(({ preferredPort, exactPort }) => preferredPort ?? exactPort ?? []);
}

export function expectation(services: readonly ServiceRequest[], environment: Environment): Expectation {
  return { ports: namedPorts(services), automatic: { environment, count: services.length } };
}
