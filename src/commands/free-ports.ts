import type { Environment, PortRange, RegistryClient } from '../client/client.ts';

/** What of an environment's range can be had. */
export interface FreePorts {
  readonly range: PortRange;
  /** The next ones, a few. */
  readonly ports: readonly number[];
  /** Those in the range that codebases configure for their services, and that nobody holds. */
  readonly configured: readonly ConfiguredPort[];
}

interface ConfiguredPort {
  readonly port: number;
  readonly service: string;
  readonly codebase: string;
}

/** Asks what can be had; null where the registry knows no such range. */
export async function freePorts(
  environment: Environment,
  client: RegistryClient,
  host: string | null,
): Promise<FreePorts | null> {
  const [ranges, codebases] = await Promise.all([client.portRanges({ host }), client.codebases({ first: 1_000 })]);
  const range = ranges.find((each) => each.environment === environment);
  if (!range) return null;

  const wanted = codebases.flatMap(({ name, portConfig }): ConfiguredPort[] => {
    if (!portConfig) return [];
    const primary = portConfig.primaryPort === null ? [] : [{ service: name, port: portConfig.primaryPort }];
    return [...primary, ...portConfig.servicePorts].map((each) => ({ ...each, codebase: name }));
  });
  const inRange = wanted.filter(({ port }) => port >= range.start && port <= range.end);
  const held = await heldAmong(inRange, client, host);
  return {
    range,
    ports: await nextPorts(environment, client, host),
    configured: inRange.filter(({ port }) => !held.has(port)).sort((a, b) => a.port - b.port),
  };
}

const mostPorts = 1_000;

async function heldAmong(configured: readonly ConfiguredPort[], client: RegistryClient, host: string | null) {
  if (configured.length === 0) return new Set<number>();
  const ports = [...new Set(configured.map(({ port }) => port))].slice(0, mostPorts);
  const { allocations } = await client.portAllocations({ where: { ports, host }, first: mostPorts });
  return new Set(allocations.map(({ port }) => port));
}

async function nextPorts(environment: Environment, client: RegistryClient, host: string | null): Promise<number[]> {
  try {
    const { port, suggestions } = await client.recommendPort({ serviceName: 'a new service', environment, host });
    return [port, ...suggestions];
  } catch (error) {
    if (Object(error).code === 'RANGE_EXHAUSTED') return [];
    throw error;
  }
}
