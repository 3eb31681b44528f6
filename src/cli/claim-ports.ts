import { Environment, isRefusal, type PortAllocation, type RegistryClient } from '../client/client.ts';
import { Refused } from './refused.ts';
import type { Place } from './session.ts';

/** A worktree that is registered and has its ports. */
export interface Berths {
  readonly worktree: { readonly path: string; readonly host: { readonly name: string } };
  /** Of the services that were asked for, in their order. */
  readonly allocations: readonly PortAllocation[];
  /** The one whose port is PORT; undefined where the worktree holds none. */
  readonly mainService: string | undefined;
}

/**
 * Registers a worktree and gives these services development ports, all or none; without services, what it holds or one
 * of its own. Throws a Refused.
 */
export async function claimPorts(services: readonly string[], place: Place, client: RegistryClient): Promise<Berths> {
  const { worktreePath: path, branch, codebaseId, conversationId, host } = place;
  const result = await client.registerWorktree({
    ...{ path, branch, codebaseId, conversationId, host, environment: Environment.DEV },
    services: services.length > 0 ? services.map((serviceName) => ({ serviceName })) : null,
  });
  if (isRefusal(result)) throw new Refused(result);
  const { allocations, worktree } = result;
  return { worktree, allocations, mainService: services[0] ?? allocations[0]?.serviceName };
}

/** The configuration of all development ports of a worktree. */
export function configurationOf(
  { worktree, mainService: service }: Berths,
  format: 'JSON' | 'DOTENV',
  client: RegistryClient,
) {
  const where = { worktreePath: worktree.path, host: worktree.host.name, environments: [Environment.DEV] };
  return client.portConfig({ where, format, service });
}
