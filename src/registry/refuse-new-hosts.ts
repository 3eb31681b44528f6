import { InvalidInput } from '../domain/refusals.ts';
import { countNamedHosts } from '../storage/named-hosts.ts';
import type { RegistryContext } from './context.ts';

/** How many hosts may be known that no observer ever reported from: a caller may name any. */
export const mostUnobservedHosts = 1_000;

/**
 * Refuses hosts that are not known yet where too many are known by name alone. Requests that arrive together are each
 * checked before any is written, so that they may go a little past the limit.
 */
export async function refuseNewHosts(
  { hostName, database }: RegistryContext,
  hostNames: readonly string[],
  path: string,
): Promise<InvalidInput | undefined> {
  const others = hostNames.filter((name) => name !== hostName);
  if (others.length === 0) return undefined;
  const { added, unobserved } = await countNamedHosts(database, others);
  if (added === 0 || unobserved + added <= mostUnobservedHosts) return undefined;
  const [name] = others;
  const which = others.length === 1 ? `The host ${name} is not known` : `${added} of the hosts are not known`;
  const message = `${which}, and at most ${mostUnobservedHosts} hosts are kept from which no server has reported. Check the name; otherwise start a server on the host with this registry's database.`;
  return new InvalidInput([{ path: [path], message }]);
}
