import pg from 'pg';
import { DatabaseUnavailable } from '../database-error.ts';
import { type ConnectOptions, configOf, connect, type Route } from './connect.ts';
import { refusesEncryption } from './tls.ts';

/** How many connections one instance has at most, beside its listener's. */
const mostConnections = 10;

interface RoutedPoolOptions extends ConnectOptions {
  /** Makes a connection ready; one for which it rejects is closed. No statement runs before it resolves. */
  readonly accept: (client: pg.ClientBase) => Promise<void>;
  readonly route: Route;
}

type Callback = (error: Error | undefined, client: pg.PoolClient | undefined, release: () => void) => void;

/**
 * A pool whose new connections go to the server that was usable last, and, where that is not any more, to the first
 * one that is. Throws DatabaseUnavailable where there is none.
 */
export class RoutedPool extends pg.Pool {
  readonly #options: RoutedPoolOptions;
  #route: Route;
  #routing: Promise<void> | undefined;

  constructor(options: RoutedPoolOptions) {
    const { accept: onConnect, route } = options;
    super({ ...configOf(options, route), max: mostConnections, onConnect });
    this.#options = options;
    this.#route = route;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    const connecting = this.#connect();
    if (!callback) return connecting;
    connecting.then(
      (client) => callback(undefined, client, () => client.release()),
      (error: Error) => callback(error, undefined, () => {}),
    );
    return undefined;
  }

  async #connect(): Promise<pg.PoolClient> {
    const route = this.#route;
    try {
      return await super.connect().catch(async (error: unknown) => {
        if (this.ending || !this.#leadsElsewhere(error)) throw error;
        await this.#leave(route);
        return super.connect();
      });
    } catch (error) {
      throw new DatabaseUnavailable(error);
    }
  }

  #leadsElsewhere(error: unknown): boolean {
    // All of its connections are in use: the server is not to blame.
    const isBusy = error instanceof Error && error.message === 'timeout exceeded when trying to connect';
    return !isBusy && (this.#options.url.servers.length > 1 || refusesEncryption(error));
  }

  /** Finds another route than this one, once for all who found that it leads nowhere. */
  async #leave(route: Route): Promise<void> {
    if (route !== this.#route) return;
    this.#routing ??= this.#findRoute().finally(() => {
      this.#routing = undefined;
    });
    await this.#routing;
  }

  async #findRoute(): Promise<void> {
    const { client, route } = await connect(this.#options);
    await client.end().catch(() => {}); // it has shown what it had to
    this.#route = route;
    Object.assign(this.options, route);
  }
}
