import type { Allocation } from '../domain/registry-model.ts';
import { mayListen } from '../domain/told-liveness.ts';
import type { RegistryContext } from './context.ts';

/**
 * Looks at the host of claims that have just ended where something may listen on one of their ports still,
 * so that the warning of it is open when the caller is answered. `held` is what they were before.
 */
export async function lookAfter(
  context: Pick<RegistryContext, 'hostName' | 'scan'>,
  held: readonly Allocation[],
): Promise<void> {
  const upStill = held.find(mayListen);
  if (upStill) await tryToLook(context, upStill.hostName);
}

/** Looks at a host now, if it is the one that can be seen from here. What was committed stands, whatever comes of it. */
export async function tryToLook(
  { hostName: observedHost, scan }: Pick<RegistryContext, 'hostName' | 'scan'>,
  hostName: string,
): Promise<void> {
  if (hostName !== observedHost) return;
  await scan().catch(() => {}); // the scheduled looks log what fails
}
