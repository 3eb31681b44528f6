import type { Socket } from 'node:net';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Client } from '../schema/turns.ts';
import type { Connections } from './connections.ts';

/** How often a connection is pinged; one that has not answered by the next ping is closed. */
const pingIntervalMs = 12_000;
/** How many bytes may be ready and unread before no more is read of what the client sends. */
const mostUnreadBytes = 1 << 20;
/** How many characters the id of an operation may have. */
const longestId = 255;

/** The client at the other end of a WebSocket. */
export interface Peer extends Client {
  /** The header of the request that became the WebSocket. */
  readonly authorization: string | undefined;
  /** How many bytes the messages of the operations under way have. */
  operationBytes: number;
  /** To be called once the client is let in. */
  readonly acknowledged: () => void;
}

interface SocketOptions {
  readonly webSocket: WebSocket;
  /** What it goes over. */
  readonly socket: Socket;
  readonly authorization: string | undefined;
  readonly graphqlServer: Server<Peer>;
  readonly connections: Connections;
  readonly log: Logger;
}

/**
 * Serves one WebSocket, in place of graphql-ws's own adapter, whose listeners hold the text of each message until its
 * operation ends, and which reads on whatever the client leaves unread.
 */
export function serveSocket({
  webSocket,
  socket,
  authorization,
  graphqlServer,
  connections,
  log,
}: SocketOptions): void {
  let working = () => {};
  const peer: Peer = {
    authorization,
    operationBytes: 0,
    isGone: () => webSocket.readyState !== webSocket.OPEN,
    acknowledged: () => {
      working = connections.work(socket);
    },
  };
  let receive: (message: object) => Promise<void> = async () => {};

  const closed = graphqlServer.opened(
    {
      protocol: webSocket.protocol,
      close: (code, reason) => webSocket.close(code, reason),
      send: (text) =>
        new Promise((resolve, reject) => {
          if (webSocket.readyState !== webSocket.OPEN) return resolve();
          webSocket.send(text, (error) => {
            if (webSocket.isPaused && webSocket.bufferedAmount <= mostUnreadBytes) webSocket.resume();
            if (error) reject(error);
            else resolve();
          });
          if (webSocket.bufferedAmount > mostUnreadBytes) webSocket.pause();
        }),
      onMessage: (handle) => {
        receive = handle as unknown as typeof receive; // what is parsed already is taken as it is
      },
    },
    peer,
  );

  webSocket.on('message', (data, isBinary) => {
    connections.heard(socket);
    const text = isBinary ? '' : String(data);
    const message = parseMessage(text);
    if (!message) return webSocket.close(CloseCode.BadRequest, 'Invalid message received');
    if (typeof message.id === 'string' && message.id.length > longestId) {
      return webSocket.close(CloseCode.BadRequest, `The id of an operation has at most ${longestId} characters`);
    }
    const bytes = message.type === 'subscribe' ? Buffer.byteLength(text) : 0;
    peer.operationBytes += bytes;
    // Resolves when the operation has ended.
    receive(message)
      .catch((error: unknown) => {
        if (webSocket.readyState !== webSocket.OPEN) return;
        log.error({ err: error }, 'a message was not answered');
        webSocket.close(CloseCode.InternalServerError, 'Internal server error');
      })
      .finally(() => {
        peer.operationBytes -= bytes;
      });
  });
  // ws closes the connection itself.
  webSocket.on('error', (error) => log.debug({ err: error }, 'a WebSocket broke'));

  const stopPinging = keepPinging(webSocket);
  webSocket.once('close', (code, reason) => {
    stopPinging();
    working();
    closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'a WebSocket was not closed'));
  });
}

const clientMessages = new Set(['connection_init', 'ping', 'pong', 'subscribe', 'complete']);

/** What an operation says of its message, in place of what the client may have put there. */
export interface MessageExtensions {
  readonly bytes: number;
}

interface ClientMessage {
  readonly type: string;
  readonly id: unknown;
  readonly payload: unknown;
}

/** What the protocol has of a message, which graphql-ws holds until the operation ends; undefined where it is none. */
export function parseMessage(text: string): ClientMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    if (!isRecord(message)) return undefined;
    const { type, id, payload } = message;
    if (typeof type !== 'string' || !clientMessages.has(type)) return undefined;
    if (type !== 'subscribe' || !isRecord(payload)) return { type, id, payload };
    const { query, variables, operationName } = payload;
    const extensions: MessageExtensions = { bytes: Buffer.byteLength(text) };
    return { type, id, payload: { query, variables, operationName, extensions } };
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Closes the connection once a ping stays unanswered. While nothing is read of it, no answer is expected either. */
function keepPinging(webSocket: WebSocket): () => void {
  let isAnswered = true;
  webSocket.on('pong', () => {
    isAnswered = true;
  });
  const timer = setInterval(() => {
    if (webSocket.isPaused || webSocket.readyState !== webSocket.OPEN) return;
    if (!isAnswered) return webSocket.terminate();
    isAnswered = false;
    webSocket.ping();
  }, pingIntervalMs);
  return () => clearInterval(timer);
}
