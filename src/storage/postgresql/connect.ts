import pg from 'pg';
import type { ServerAddress } from './hosts.ts';
import { type Encryption, encryptionsOf, refusesEncryption } from './tls.ts';
import type { PostgresqlUrl } from './url.ts';

/** One server, and the way to speak to it. */
export interface Route {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly ssl: Encryption;
}

export interface Connection {
  readonly client: pg.Client;
  readonly route: Route;
}

export interface ConnectOptions {
  readonly url: PostgresqlUrl;
  /** The driver's settings beside the server's address and the login. */
  readonly settings: pg.ClientConfig;
  /** Rejects a server that answers but cannot be used; the next one is tried then. Default: any server will do. */
  readonly accept?: (client: pg.Client) => Promise<void>;
}

/** None of several servers can be used. Its errors are theirs, each with the server's name before it. */
export class NoServerUsable extends AggregateError {
  override readonly name = 'NoServerUsable';
}

const loginOf = ({ user, password, database, options, applicationName }: PostgresqlUrl): pg.ClientConfig => ({
  user,
  password,
  database,
  options,
  application_name: applicationName,
});

/** The driver's settings for one route, without a connection string: nothing is left for the driver to interpret. */
export function configOf({ url, settings }: Pick<ConnectOptions, 'url' | 'settings'>, route: Route): pg.ClientConfig {
  const login = Object.fromEntries(Object.entries(loginOf(url)).filter(([, value]) => value !== undefined));
  const timeout = url.connectTimeoutMs && { connectionTimeoutMillis: url.connectTimeoutMs };
  return { keepAlive: true, ...settings, ...timeout, ...login, ...route };
}

/**
 * Connects to the first of the URL's servers that can be used, trying them in their order, and each in the ways that
 * its sslmode allows. Throws the driver's error, or NoServerUsable where there are several servers.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { servers } = options.url;
  const failures: Error[] = [];
  for (const server of servers) {
    try {
      return await connectTo(server, options); // one after the other is the point
    } catch (error) {
      if (servers.length === 1) throw error;
      failures.push(new Error(server.label, { cause: error }));
    }
  }
  throw new NoServerUsable(failures);
}

async function connectTo(server: ServerAddress, options: ConnectOptions): Promise<Connection> {
  let refused: unknown;
  for (const route of routesTo(server, options.url)) {
    try {
      return { client: await open(route, options), route };
    } catch (error) {
      if (!refusesEncryption(error)) throw error;
      // What the server itself said explains more than that it has no TLS.
      refused = hasCode(error) ? error : (refused ?? error);
    }
  }
  throw refused;
}

function routesTo({ host, port }: ServerAddress, { tls }: PostgresqlUrl): readonly Route[] {
  if (host?.startsWith('/')) return [{ host, port, ssl: false }]; // as libpq does
  return encryptionsOf(tls).map((ssl) => ({ host, port, ssl }));
}

const hasCode = (error: unknown) => typeof Object(error).code === 'string';

async function open(route: Route, options: ConnectOptions): Promise<pg.Client> {
  const client = new pg.Client(configOf(options, route));
  // A connection that breaks fails its query and emits an error as well.
  client.on('error', () => {});
  try {
    await client.connect();
    await options.accept?.(client);
    return client;
  } catch (error) {
    client.end().catch(() => {}); // it cannot be used any more
    throw error;
  }
}
