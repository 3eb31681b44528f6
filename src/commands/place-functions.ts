import type {
  AllocatePortResult,
  ConfigFormat,
  Environment,
  RegisterPortInput,
  RegistryClient,
  RenderedConfig,
} from '../client/client.ts';
import { RegistryError } from '../client/errors.ts';
import { configFormats, configFormatWords, environments, environmentWords } from './choices.ts';
import type { CommandPlace } from './command.ts';
import { configOf } from './config.ts';
import { claimAt, heldAt, withoutWorktree } from './owner.ts';

/** As the graph calls it, or as commands do. */
export type EnvironmentName = Environment | Lowercase<Environment>;
/** As the graph calls it, or as commands do. */
export type ConfigFormatName = ConfigFormat | Lowercase<ConfigFormat> | 'docker-compose';

/** What may be kept with a reservation. `environment` is what it is for: left out, the one in whose range the port lies. */
export interface ReservationMetadata {
  readonly environment?: EnvironmentName;
  readonly description?: string;
  readonly [key: string]: unknown;
}

/** What an agent calls from its own code, on behalf of one place. They throw what the client throws. */
export interface PlaceFunctions {
  /**
   * The port that the service holds at this place; else one that is free for it, where allocating may give another that
   * the service had before, or that its codebase configures. Nothing is held by asking. Throws RANGE_EXHAUSTED where
   * none is free. Default: DEV.
   */
  getRecommendedPort(serviceName: string, environment?: EnvironmentName): Promise<number>;
  /**
   * Claims exactly this port, and keeps the metadata with it. Refused where somebody holds it, and inside a range
   * where something else listens on it.
   */
  reservePortForService(serviceName: string, port: number, metadata?: ReservationMetadata): Promise<AllocatePortResult>;
  /**
   * Configuration for a service that has a port, beside the others of the place. Throws NOT_FOUND where it has none
   * there, and INVALID_INPUT where several are called so. Default: DOTENV.
   */
  generatePortConfig(serviceName: string, format?: ConfigFormatName): Promise<RenderedConfig>;
}

/** The functions for a place. */
export function placeFunctions(client: RegistryClient, place: CommandPlace): PlaceFunctions {
  const { host } = place;
  return {
    async getRecommendedPort(serviceName, environment = 'DEV') {
      const purpose = environmentOf(environment);
      const held = await heldAt({ client, place }, purpose, serviceName);
      return (held ?? (await client.recommendPort({ serviceName, environment: purpose, host }))).port;
    },
    async reservePortForService(serviceName, port, { environment, description, ...rest } = {}) {
      const ranges = await client.portRanges({ host });
      const range = ranges.find(({ start, end }) => port >= start && port <= end);
      const purpose = environment ? environmentOf(environment) : (range?.environment ?? 'PRODUCTION');
      const metadata = Object.keys(rest).length > 0 ? (rest as RegisterPortInput['metadata']) : undefined; // as JSON
      const claim = { serviceName, environment: purpose, host, description, metadata };
      const where = range ? place : withoutWorktree(place, purpose);
      return claimAt({ client, place: where }, purpose, (owner) =>
        range
          ? client.allocatePort({ ...claim, owner, exactPort: port })
          : client.registerPort({ ...claim, owner, port }),
      );
    },
    generatePortConfig: async (serviceName, format = 'DOTENV') =>
      configOf({ serviceName, format: formatOf(format), environment: null }, client, place),
  };
}

const environmentOf = (name: EnvironmentName) => chosen(name, environments, 'environment', environmentWords);
const formatOf = (name: ConfigFormatName) => chosen(name, configFormats, 'format', configFormatWords);

function chosen<Value>(
  name: string,
  table: Readonly<Record<string, Value>>,
  noun: string,
  takes: readonly string[],
): Value {
  const key = String(name).toLowerCase();
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  if (value !== undefined) return value;
  const fact = `${JSON.stringify(name)} is no ${noun}`;
  throw new RegistryError(`${fact}: it takes one of ${takes.join(', ')}.`, 'INVALID_INPUT');
}
