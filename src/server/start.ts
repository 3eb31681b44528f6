import { once } from 'node:events';
import { createServer as createServerOfSockets } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { SeenProcess } from '../domain/observation.ts';
import { environments } from '../domain/policy.ts';
import { createFeed } from '../feed/feed.ts';
import { createObserver } from '../observer/observer.ts';
import { createPathResolver } from '../observer/paths/path-resolver.ts';
import { probePort } from '../observer/probe.ts';
import { createRegistry } from '../registry/registry.ts';
import { createSchema } from '../schema/schema.ts';
import type { Database } from '../storage/database.ts';
import { openDatabase } from '../storage/open.ts';
import { createMetrics } from './metrics.ts';
import { registerOwnPort } from './own-port.ts';
import { createServer, type RunningServer } from './server.ts';
import { createHostWatch } from './watch-host.ts';

/**
 * By default, V8 lets garbage grow to twice what is in use and more before it collects it, and keeps the memory: after
 * 3,000 operations that was 70 MB more. With this it collects sooner, for some processor time.
 */
const heapFlag = '--optimize-for-size';

/** The server cannot listen where it is told to. */
class AddressInUse extends Error {
  override readonly name = 'AddressInUse';
}

/** Opens the database and serves the registry. `damaged` is called when the database can no longer be used. */
export async function start(config: Config, log: Logger, damaged: () => void): Promise<RunningServer> {
  setFlagsFromString(heapFlag);
  const { databaseUrl, dataDirectory, durability } = config;
  // Before the database is opened, or even created.
  await refuseTakenPort(config);
  const database = await openDatabase({ databaseUrl, dataDirectory, durability, log, damaged });
  try {
    return await serve(config, database, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Serves the registry on an opened database, which it closes with the server; in another graph than its own where one is given. */
export async function serve(
  config: Config,
  database: Database,
  log: Logger,
  schema = createSchema(),
): Promise<RunningServer> {
  const { hostName, policy, scanIntervalMs, autoCleanup } = config;
  const metrics = createMetrics();
  const paths = createPathResolver({ onSilent: (silent) => logSilent(silent, log) });
  const registry = createRegistry({
    database,
    policy,
    hostName,
    probePort,
    observer: createObserver(),
    paths,
    scanIntervalMs,
    monitor: metrics.monitor,
  });
  await reportHost(database, hostName);
  const feed = await createFeed(database, log);
  const { scanned } = metrics;
  const hostWatch = createHostWatch({ registry, scanIntervalMs, autoCleanup, log, scanned });
  metrics.watch({ registry, feed, database, hostWatch });
  const server = await createServer({ config, schema, database, registry, feed, metrics, hostWatch, paths, log }).catch(
    async (error) => {
      paths.close();
      await feed.close();
      throw await explainListenError(error, config);
    },
  );
  await registerOwnPort({ port: server.port, registry, database, probePort, log }).catch(async (error) => {
    await server.close();
    paths.close();
    throw error;
  });
  hostWatch.start();

  log.info({ url: server.url }, `GraphiQL and the graph: ${server.url}`);
  log.info(
    { engine: database.engine, location: database.location },
    `database: ${database.engine}, ${database.location}`,
  );
  log.info({ host: hostName }, `observed host: ${hostName}`);
  const ranges = environments.map(
    (environment) => `${environment} ${policy.ranges[environment].start}-${policy.ranges[environment].end}`,
  );
  log.info({ ranges: policy.ranges }, `ranges: ${ranges.join(', ')}`);

  return {
    ...server,
    async close() {
      await Promise.all([hostWatch.stop(), server.close()]);
      await registry.idle();
      paths.close();
      await database.close();
    },
  };
}

function logSilent(silent: readonly string[], log: Logger): void {
  if (silent.length === 0) log.info('every directory that was asked about answers');
  else
    log.warn(
      { silent },
      `does not answer: ${silent.join(', ')}. Paths below are taken as they are given until it does.`,
    );
}

/** Reports the observed host, which exists from then on. Each look at it reports it again. */
async function reportHost(database: Database, hostName: string): Promise<void> {
  await database.query(
    `INSERT INTO wharfinger.host (name, last_seen_at) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET last_seen_at = excluded.last_seen_at`,
    [hostName, new Date()],
  );
}

async function refuseTakenPort(config: Config): Promise<void> {
  const { host, port } = config;
  const server = createServerOfSockets().listen({ host, port });
  try {
    await once(server, 'listening');
    server.close();
  } catch (error) {
    throw await explainListenError(error, config);
  }
}

async function explainListenError(error: unknown, { host, port }: Config): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const holder = await findHolder(port);
    const by = holder ? ` by process ${holder.id} (${holder.name ?? 'unknown'})` : '';
    return new AddressInUse(`Port ${port} on ${host} is taken${by}: stop it, or choose another with --port.`);
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new AddressInUse(`Cannot listen on ${host}, port ${port} (${code}): choose another with --host and --port.`);
  }
  return error;
}

/** The process that listens on a port of this host, where it can be seen. */
async function findHolder(port: number): Promise<SeenProcess | undefined> {
  try {
    const listeners = await createObserver().listeners(new Set([port]));
    return listeners.find(({ process }) => process !== null)?.process ?? undefined;
  } catch {
    return undefined; // the port is taken, whether or not it can be told by whom
  }
}
