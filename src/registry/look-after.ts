import type { Allocation } from '../domain/registry-model.ts';
import { mayListen } from '../domain/told-liveness.ts';
import { within } from '../observer/within.ts';
import type { RegistryContext } from './context.ts';

/** Far more than a look takes; a host on which something hangs keeps nobody waiting longer. */
const longestWaitMs = 2_000;

/**
 * Looks at the host of claims that have just ended where something may listen on one of their ports still,
 * so that the warning of it is open when the caller is answered, unless the look takes more than 2 s. `held` is
 * what they were before.
 */
export async function lookAfter(
  context: Pick<RegistryContext, 'hostName' | 'scan'>,
  held: readonly Allocation[],
): Promise<void> {
  const upStill = held.find(mayListen);
  if (upStill) await tryToLook(context, upStill.hostName);
}

/**
 * Looks at a host now, if it is the one that can be seen from here, and waits for it, but at most 2 s. What was
 * committed stands, whatever comes of it.
 */
export async function tryToLook(
  { hostName: observedHost, scan }: Pick<RegistryContext, 'hostName' | 'scan'>,
  hostName: string,
): Promise<void> {
  if (hostName !== observedHost) return;
  const look = scan().catch(() => {}); // the scheduled looks log what fails
  await within(look, longestWaitMs, undefined);
}
