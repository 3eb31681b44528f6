import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Budgets, smallRequest, tooManyLasting, tooManyRequestBytes } from './budgets.ts';
import type { Connections } from './connections.ts';
import { type Graphql, graphqlPath } from './graphql.ts';
import { type Guards, largestBody, type Rejection } from './guards.ts';
import { type MessageExtensions, type Peer, serveSocket } from './websocket-connection.ts';

/** How many operations may be under way on one connection. */
const mostOperations = 100;
/** How many bytes the messages of the operations under way on one connection may have. */
const mostOperationBytes = 2 << 20;
/** A connection that does not say within this what it wants is closed. */
const initTimeoutMs = 5_000;

/** How long a connection may take to close before it is cut. */
const closeTimeoutMs = 1_000;

interface WebsocketOptions {
  readonly httpServer: Server;
  readonly graphql: Graphql;
  readonly guards: Guards;
  readonly connections: Connections;
  readonly budgets: Budgets;
  readonly log: Logger;
}

/** The graph over graphql-transport-ws. Returns how to close every connection with 1001, Going Away. */
export function serveWebsockets(options: WebsocketOptions): () => Promise<void> {
  const { httpServer, graphql, guards, connections, budgets, log } = options;
  const { lasting } = budgets;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestBody,
    clientTracking: true,
    handleProtocols,
  });
  const graphqlServer = makeServer<Record<string, unknown>, Peer>({
    ...operations(graphql, budgets),
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect: (context) => {
      const { connectionParams, extra } = context;
      const given = connectionParams?.authorization ?? connectionParams?.Authorization ?? extra.authorization;
      // Nothing that the client sent is kept for as long as it is connected.
      Object.assign(context, { connectionParams: undefined });
      // False closes the connection with 4403, Forbidden.
      if (guards.checkToken(typeof given === 'string' ? given : undefined)) return false;
      extra.acknowledged();
      return true;
    },
  });

  httpServer.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const path = request.url?.split('?')[0];
    if (path !== graphqlPath)
      return reject(socket, { status: 404, message: `WebSockets are served at ${graphqlPath}.` });
    const rejection = guards.checkSource(request);
    if (rejection) return reject(socket, rejection);
    if (!lasting.fits(1)) return reject(socket, { status: 503, message: tooManyLasting(lasting) });
    socket.once('close', lasting.take(1));
    const { authorization } = request.headers;
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      serveSocket({ webSocket, socket: request.socket, authorization, graphqlServer, connections, log });
    });
  });

  return async () => {
    // A client that does not read does not answer the close either.
    const late = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, closeTimeoutMs);
    for (const socket of sockets.clients) {
      socket.resume(); // or its answer to the close is never read
      socket.close(1001, 'Going away');
    }
    await new Promise((resolve) => sockets.close(resolve));
    clearTimeout(late);
  };
}

/** How an operation is prepared and run. What is kept of a subscription is its document and the values of its variables. */
function operations(
  graphql: Graphql,
  { requestBytes }: Budgets,
): Pick<ServerOptions<Record<string, unknown>, Peer>, 'onSubscribe' | 'execute' | 'subscribe'> {
  return {
    onSubscribe: async ({ subscriptions, extra }, _id, params) => {
      const { query, variables, operationName, extensions } = params;
      const { bytes } = extensions as unknown as MessageExtensions; // parseMessage put them there
      // graphql-ws holds the message until the operation ends.
      Object.assign(params, { query: '', variables: undefined, extensions: undefined });
      if (Object.keys(subscriptions).length > mostOperations) {
        return [new GraphQLError(`One connection carries at most ${mostOperations} operations at once: open another.`)];
      }
      if (extra.operationBytes > mostOperationBytes) {
        const message = `The operations under way on one connection have at most ${mostOperationBytes} bytes: wait until some have ended, or open another connection.`;
        return [new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_LARGE' } })];
      }
      // Without the request: it was a GET, by which Yoga runs no mutations.
      const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({ client: extra });
      let document: ReturnType<typeof parse>;
      try {
        document = parse(query);
      } catch (error) {
        return [error instanceof GraphQLError ? error : new GraphQLError('The operation cannot be parsed.')];
      }
      const errors = validate(schema, document);
      if (errors.length > 0) return errors;
      return {
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe, bytes },
      };
    },
    execute: async (args) => {
      const { execute, bytes } = args.rootValue as Envelope;
      const counted = bytes > smallRequest ? bytes : 0;
      if (!requestBytes.fits(counted)) {
        return { errors: [tooManyRequestBytes()] };
      }
      const release = requestBytes.take(counted);
      try {
        return await execute(args);
      } finally {
        release();
      }
    },
    subscribe: (args) => (args.rootValue as Envelope).subscribe(args),
  };
}

/** What `onSubscribe` hands to `execute` and `subscribe`, as the root value that no resolver reads. */
type Envelope = Pick<ReturnType<Graphql['getEnveloped']>, 'execute' | 'subscribe'> & MessageExtensions;

function reject(socket: Duplex, { status, message }: Omit<Rejection, 'status'> & { readonly status: number }): void {
  const body = JSON.stringify({ errors: [{ message }] });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
