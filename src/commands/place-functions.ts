import type {
  AllocatePortResult,
  ConfigFormat,
  Environment,
  RegisterPortInput,
  RegistryClient,
  RenderedConfig,
} from '../client/client.ts';
import type { CommandPlace } from './command.ts';
import { configOf } from './config.ts';
import { claimAt, withoutWorktree } from './owner.ts';

/** What may be kept with a reservation. `environment` is what it is for: left out, the one in whose range the port lies. */
export interface ReservationMetadata {
  readonly environment?: Environment;
  readonly description?: string;
  readonly [key: string]: unknown;
}

/** What an agent calls from its own code, on behalf of one place. They throw what the client throws. */
export interface PlaceFunctions {
  /** The port that a service would be given now. Nothing is held by asking. Throws RANGE_EXHAUSTED where none is free. */
  getRecommendedPort(serviceName: string, environment?: Environment): Promise<number>;
  /**
   * Claims exactly this port, and keeps the metadata with it. Refused where somebody holds it, and inside a range
   * where something else listens on it.
   */
  reservePortForService(serviceName: string, port: number, metadata?: ReservationMetadata): Promise<AllocatePortResult>;
  /** Configuration for a service that has a port, beside the others of the place. Throws NOT_FOUND where it has none. */
  generatePortConfig(serviceName: string, format?: ConfigFormat): Promise<RenderedConfig>;
}

/** The functions for a place. */
export function placeFunctions(client: RegistryClient, place: CommandPlace): PlaceFunctions {
  const { host } = place;
  return {
    async getRecommendedPort(serviceName, environment = 'DEV') {
      return (await client.recommendPort({ serviceName, environment, host })).port;
    },
    async reservePortForService(serviceName, port, { environment, description, ...rest } = {}) {
      const ranges = await client.portRanges({ host });
      const range = ranges.find(({ start, end }) => port >= start && port <= end);
      const purpose = environment ?? range?.environment ?? 'PRODUCTION';
      const metadata = Object.keys(rest).length > 0 ? (rest as RegisterPortInput['metadata']) : undefined; // as JSON
      const claim = { serviceName, environment: purpose, host, description, metadata };
      return claimAt(range ? place : withoutWorktree(place, purpose), purpose, (owner) =>
        range
          ? client.allocatePort({ ...claim, owner, exactPort: port })
          : client.registerPort({ ...claim, owner, port }),
      );
    },
    generatePortConfig: (serviceName, format = 'DOTENV') => configOf({ serviceName, format }, client, place),
  };
}
