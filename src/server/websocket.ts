import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { type Graphql, graphqlPath } from './graphql.ts';
import { type Guards, largestBody, type Rejection } from './guards.ts';

/** How many operations may be under way on one connection. */
const mostOperations = 100;
/** A connection that does not say within this what it wants is closed. */
const initTimeoutMs = 5_000;
/** How often a connection is pinged; one that has not answered by the next ping is closed. */
const pingIntervalMs = 12_000;

/** How long a connection may take to close before it is cut. */
const closeTimeoutMs = 1_000;

interface WebsocketOptions {
  readonly httpServer: Server;
  readonly graphql: Graphql;
  readonly guards: Guards;
  readonly log: Logger;
}

/** The graph over graphql-transport-ws. Returns how to close every connection with 1001, Going Away. */
export function serveWebsockets({ httpServer, graphql, guards, log }: WebsocketOptions): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestBody, clientTracking: true });
  const graphqlServer = useServer<Record<string, unknown>, { readonly request: IncomingMessage }>(
    {
      connectionInitWaitTimeout: initTimeoutMs,
      // No error's text goes into the reason why a connection is closed.
      isProd: true,
      onConnect: ({ connectionParams, extra }) => {
        const given =
          connectionParams?.authorization ?? connectionParams?.Authorization ?? extra.request.headers.authorization;
        // False closes the connection with 4403, Forbidden.
        return guards.checkToken(typeof given === 'string' ? given : undefined) === undefined;
      },
      onSubscribe: async (context, _id, params) => {
        if (Object.keys(context.subscriptions).length > mostOperations) {
          return [
            new GraphQLError(`One connection carries at most ${mostOperations} operations at once: open another.`),
          ];
        }
        // Without the request: it was a GET, by which Yoga runs no mutations.
        const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({ params });
        let document: ReturnType<typeof parse>;
        try {
          document = parse(params.query);
        } catch (error) {
          return [error instanceof GraphQLError ? error : new GraphQLError('The operation cannot be parsed.')];
        }
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        return {
          schema,
          document,
          operationName: params.operationName,
          variableValues: params.variables,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe },
        };
      },
      execute: (args) => (args.rootValue as Envelope).execute(args),
      subscribe: (args) => (args.rootValue as Envelope).subscribe(args),
    },
    sockets,
    pingIntervalMs,
  );
  sockets.on('connection', (socket) => {
    // In place of graphql-ws's listener, which prints what clients do wrong. ws closes the connection itself.
    socket.removeAllListeners('error');
    socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));
  });

  httpServer.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const path = request.url?.split('?')[0];
    if (path !== graphqlPath)
      return reject(socket, { status: 404, message: `WebSockets are served at ${graphqlPath}.` });
    const rejection = guards.checkSource(request);
    if (rejection) return reject(socket, rejection);
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  });

  return async () => {
    // A client that does not read does not answer the close either.
    const late = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, closeTimeoutMs);
    await graphqlServer.dispose();
    clearTimeout(late);
  };
}

/** What `onSubscribe` hands to `execute` and `subscribe`, as the root value that no resolver reads. */
type Envelope = Pick<ReturnType<Graphql['getEnveloped']>, 'execute' | 'subscribe'>;

function reject(socket: Duplex, { status, message }: Omit<Rejection, 'status'> & { readonly status: number }): void {
  const body = JSON.stringify({ errors: [{ message }] });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
