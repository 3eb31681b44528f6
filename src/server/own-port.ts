import type { Logger } from 'pino';
import { nobody } from '../domain/owner.ts';
import { environmentOf } from '../domain/policy.ts';
import { asPort } from '../domain/port.ts';
import { isRefusal } from '../domain/refusals.ts';
import type { ProbePort } from '../observer/prober.ts';
import type { Registry } from '../registry/registry.ts';
import type { Database } from '../storage/database.ts';

const serviceName = 'wharfinger';
const metadata = { wharfinger: 'server' };

interface OwnPortOptions {
  readonly port: number;
  readonly registry: Registry;
  readonly database: Database;
  readonly probePort: ProbePort;
  readonly log: Logger;
}

/**
 * Holds the server's own port in the registry. On an embedded database, which one server at a time
 * can have, it also releases the port that it held before: of its own claim it knows that it is over.
 */
export async function registerOwnPort({ port, registry, database, probePort, log }: OwnPortOptions): Promise<void> {
  const { hostName, policy } = registry;
  if (database.engine === 'embedded') await releaseFormer({ port, registry, database, probePort });
  const outcome = await registry.registerPort({
    serviceName,
    port: asPort(port),
    environment: environmentOf(port, policy) ?? 'production',
    description: 'The port registry itself',
    metadata,
    publicHostnames: null,
    owner: nobody,
    host: hostName,
    force: false,
  });
  if (isRefusal(outcome))
    log.warn({ port, refusal: outcome.message }, "the server's own port is registered to somebody else");
}

async function releaseFormer({ port, registry, database, probePort }: Omit<OwnPortOptions, 'log'>): Promise<void> {
  const { hostName } = registry;
  const former = await database.query<{ port: number }>(
    `SELECT port FROM wharfinger.port_allocation
     WHERE host_name = $1 AND service_name = $2 AND owner = 'nobody' AND metadata @> $3 AND released_at IS NULL AND port <> $4`,
    [hostName, serviceName, JSON.stringify(metadata), port],
  );
  for (const each of former) {
    if ((await probePort(each.port)) === 'listening') continue; // few, and each is released by itself
    await registry.releasePort({ port: asPort(each.port), host: hostName, owner: nobody, force: true });
  }
}
