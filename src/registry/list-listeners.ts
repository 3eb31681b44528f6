import type { Listener } from '../domain/registry-model.ts';
import { type RowsPerHost, readListeners } from '../storage/listener-reads.ts';
import type { RegistryContext } from './context.ts';

/** What listened on each of these hosts at its last look, in the order of the names; by port and process id. */
export async function listListeners(
  { database }: Pick<RegistryContext, 'database'>,
  { hostNames, ...page }: RowsPerHost & { readonly hostNames: readonly string[] },
): Promise<Listener[][]> {
  const byHost = await readListeners(database, hostNames, page);
  return hostNames.map((hostName) => byHost.get(hostName) ?? []);
}
