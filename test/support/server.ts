import { beforeAll, onTestFinished } from 'vitest';
import type { Config } from '../../src/config.ts';
import { createFeed, type Feed } from '../../src/feed/feed.ts';
import type { Observer } from '../../src/observer/observer.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { createSchema } from '../../src/schema/schema.ts';
import type { ServerLimits } from '../../src/server/budgets.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createServer } from '../../src/server/server.ts';
import type { Database } from '../../src/storage/database.ts';
import { type Engine, shareDatabase } from './databases.ts';
import { type GraphClient, graphClient } from './graph-client.ts';
import { recordLog } from './recorded-log.ts';
import { openRegistry, seeing } from './registry.ts';

interface ServerSettings {
  /** Opened, and closed, by the test. */
  readonly database: Database;
  /** What differs from listening on any free port of 127.0.0.1 without a token. */
  readonly config?: Partial<Pick<Config, 'host' | 'token' | 'allowedHosts'>>;
  /** Instead of a registry on `database` on whose host nobody listens. */
  readonly registry?: Registry;
  /** What is seen on the host. Default: nothing listens. */
  readonly observer?: Observer;
  /** Why the host's listeners cannot be seen. Default: they can. */
  readonly blindness?: string;
  /** Why scans do not keep up, and why paths cannot be looked at. Default: they do, and can. */
  readonly lateness?: string;
  readonly trouble?: string;
  /** What its clients may have in use together. Default: the server's own. */
  readonly limits?: Partial<ServerLimits>;
}

/** A server in this process, with what is behind it. As a client, it sends its token. */
export interface TestServer extends GraphClient {
  readonly port: number;
  /** Where the server is, without the graph's path: `http://127.0.0.1:40123`. */
  readonly origin: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly feed: Feed;
  readonly entries: ReturnType<typeof recordLog>['entries'];
  /** Stops the server now instead of at the test's end. */
  close(): Promise<void>;
}

/** Serves a registry on a real socket until the test ends, or whoever takes the cleanup wants it to. */
export async function startServer(
  { database, config = {}, registry, observer = seeing(), blindness, lateness, trouble, limits = {} }: ServerSettings,
  later: (cleanup: () => Promise<void>) => unknown = onTestFinished,
): Promise<TestServer> {
  const { log, entries } = recordLog();
  const metrics = createMetrics();
  const served = registry ?? openRegistry(database, { monitor: metrics.monitor, observer });
  const feed = await createFeed(database, log);
  const hostWatch = { blindness: () => blindness, lateness: () => lateness };
  metrics.watch({ registry: served, feed, database, hostWatch });
  const server = await createServer({
    config: { host: '127.0.0.1', port: 0, token: undefined, allowedHosts: [], ...config },
    schema: createSchema({ strict: true }),
    database,
    registry: served,
    feed,
    metrics,
    hostWatch,
    paths: { trouble: () => trouble },
    log,
    limits,
  });
  let closing: Promise<void> | undefined;
  const close = async () => {
    closing ??= server.close();
    await closing;
    await served.idle();
  };
  later(close);
  const client = graphClient(server.url, config.token);
  return {
    ...client,
    port: server.port,
    origin: new URL(server.url).origin,
    database,
    registry: served,
    feed,
    entries,
    close,
  };
}

/** One server on a database of its own for all tests of a `describe`, which do not get in each other's way. */
export function shareServer(engine: Engine, settings: Omit<ServerSettings, 'database'> = {}): () => TestServer {
  const database = shareDatabase(engine);
  let server: TestServer | undefined;
  beforeAll(async () => {
    const cleanups: (() => Promise<void>)[] = [];
    server = await startServer({ ...settings, database: database() }, (cleanup) => cleanups.push(cleanup));
    return async () => {
      for (const cleanup of cleanups) await cleanup();
    };
  });
  return () => {
    if (!server) throw new Error('The shared server runs in tests only.');
    return server;
  };
}
