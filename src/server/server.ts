import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Feed } from '../feed/feed.ts';
import type { Registry } from '../registry/registry.ts';
import type { Database } from '../storage/database.ts';
import { createBudgets, type ServerLimits } from './budgets.ts';
import { connectionLimits, watchConnections } from './connections.ts';
import { createGraphql, graphqlPath } from './graphql.ts';
import { createGuards } from './guards.ts';
import type { Metrics } from './metrics.ts';
import { type ReadinessSources, readReadiness } from './readiness.ts';
import { serveWebsockets } from './websocket.ts';

export interface ServerOptions extends Pick<ReadinessSources, 'hostWatch' | 'paths'> {
  readonly config: Pick<Config, 'host' | 'port' | 'token' | 'allowedHosts'>;
  readonly schema: GraphQLSchema;
  readonly database: Database;
  readonly registry: Registry;
  readonly feed: Feed;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** What all clients together may have in use. Default: as `budgets.ts` has it. */
  readonly limits?: Partial<ServerLimits>;
}

export interface RunningServer {
  readonly port: number;
  /** Where the graph is, for clients and for GraphiQL. */
  readonly url: string;
  /** Closes subscriptions with 1001, lets running requests finish for at most 10 s, and ends. The database stays open. */
  close(): Promise<void>;
}

/** How long a client may take to send a request's headers, from the connection on or from their first byte. */
const headersTimeoutMs = 10_000;
/** How long it may take to send a whole request. */
const requestTimeoutMs = 30_000;
/** How often Node looks for clients that took longer than that. */
const timeoutCheckIntervalMs = 1_000;
const closeTimeoutMs = 10_000;

/** Listens; throws the system's error where the port is taken. */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { config, schema, database, registry, feed, metrics, hostWatch, paths, log } = options;
  const guards = createGuards(config);
  const budgets = createBudgets(options.limits);
  const httpServer = createHttpServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: timeoutCheckIntervalMs,
  });
  const connections = watchConnections(httpServer, log);
  const graphql = createGraphql({
    schema,
    services: { registry, feed, prisma: database.prisma },
    log,
    metrics,
    budgets,
    answers: connections,
  });
  let closing = false;

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const rejection = guards.checkSource(request);
    if (rejection) return answer(response, rejection.status, rejection.message);
    const path = request.url?.split('?')[0];
    if (path === graphqlPath) return handleGraphql(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 404, notFound);
    switch (path) {
      case '/':
        return response.writeHead(302, { location: graphqlPath }).end();
      case '/health':
        return answerJson(response, 200, { status: 'ok' });
      case '/ready': {
        if (closing) return answerJson(response, 503, { status: 'unavailable', database: 'closing' });
        const readiness = await readReadiness({ database, hostWatch, paths });
        return answerJson(response, readiness.status === 'unavailable' ? 503 : 200, readiness);
      }
      case '/metrics': {
        const refused = guards.checkToken(request.headers.authorization);
        if (refused) return answer(response, refused.status, refused.message);
        return response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.render());
      }
      default:
        return answer(response, 404, notFound);
    }
  };

  const handleGraphql = async (request: IncomingMessage, response: ServerResponse) => {
    // GraphiQL's page holds no data: what it then sends is checked as everything else is.
    if (!isPageView(request)) {
      const refused = guards.checkToken(request.headers.authorization) ?? guards.checkOperation(request);
      if (refused) return answer(response, refused.status, refused.message);
    }
    await graphql(request, response);
  };

  httpServer.on('request', (request, response) => {
    // One after the other: a client that sends many requests and reads no answer has one of them in memory.
    const handled = connections.turn(request, response).then(() => handle(request, response));
    handled.catch((error: unknown) => {
      log.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else answer(response, 500, "Something went wrong here; the server's log says more.");
    });
  });
  const closeWebsockets = serveWebsockets({ httpServer, graphql, guards, connections, budgets, log });
  httpServer.listen({ host: config.host, port: config.port, backlog: connectionLimits.connections });
  await once(httpServer, 'listening');
  const { port } = httpServer.address() as AddressInfo; // of a server that listens on TCP

  return {
    port,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}${graphqlPath}`,
    async close() {
      closing = true;
      const closed = once(httpServer, 'close');
      httpServer.close();
      const late = setTimeout(() => httpServer.closeAllConnections(), closeTimeoutMs);
      await closeWebsockets();
      await feed.close();
      httpServer.closeIdleConnections();
      await closed;
      clearTimeout(late);
      connections.close();
      await graphql.dispose();
    },
  };
}

const notFound = `There is nothing here: the graph is at ${graphqlPath}.`;

/** Yoga answers these with GraphiQL, whatever operation the address may carry. */
const isPageView = ({ method, headers }: IncomingMessage) =>
  method === 'GET' && (headers.accept ?? '').includes('text/html');

function answer(response: ServerResponse, status: number, message: string): void {
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  // What the client still sends is not read.
  response.setHeader('connection', 'close');
  answerJson(response, status, { errors: [{ message }] });
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
