import type { FormattedExecutionResult } from 'graphql';
import { type Client, createClient } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import type { TypedDocumentString } from './gql/graphql.ts';

/** How long the server may take to agree to a close. */
const closeTimeoutMs = 1_000;

/** What happens to one subscription, until it is lost or stopped. */
interface EventSink<Result> {
  /** The registry has accepted the connection. */
  connected(): void;
  next(result: FormattedExecutionResult<Result, unknown>): void;
  /** It ended, and with what: see `translateSocketError`. Nothing follows. */
  lost(error: unknown): void;
}

/** A client's subscriptions, all on one connection that exists while there are any. It does not reconnect. */
export interface EventSocket {
  /** Returns how to stop it; `lost` is not called then. */
  subscribe<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    sink: EventSink<Result>,
  ): () => void;
}

interface EventSocketOptions {
  /** The graph's, over HTTP. */
  readonly url: string;
  readonly token: string | undefined;
  readonly timeoutMs: number;
  /** A connection is asked whether it is alive when it was silent for so long. Default: 10 s. */
  readonly pingAfterMs?: number;
  /** It is given up when it has not answered that within this; a laptop that slept finds out so. Default: 5 s. */
  readonly pongTimeoutMs?: number;
}

export function createEventSocket(options: EventSocketOptions): EventSocket {
  const { url, token, timeoutMs, pingAfterMs = 10_000, pongTimeoutMs = 5_000 } = options;
  let isConnected = false;
  let subscriptions = 0;
  let pongTimeout: NodeJS.Timeout | undefined;
  const disconnected = () => {
    isConnected = false;
    clearTimeout(pongTimeout);
  };
  const client: Client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: webSocketWithin(timeoutMs),
    connectionParams: token === undefined ? undefined : { authorization: `Bearer ${token}` },
    connectionAckWaitTimeout: timeoutMs,
    keepAlive: pingAfterMs,
    // Its own retries would subscribe with the cursor of the beginning.
    retryAttempts: 0,
    on: {
      connected: () => {
        isConnected = true;
      },
      ping: (received) => {
        if (!received) pongTimeout = setTimeout(() => client.terminate(), pongTimeoutMs);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimeout);
      },
      closed: disconnected,
      error: disconnected,
    },
  });

  return {
    subscribe<Result, Variables extends Record<string, unknown>>(
      document: TypedDocumentString<Result, Variables>,
      variables: Variables,
      sink: EventSink<Result>,
    ) {
      let isOver = false;
      subscriptions++;
      const forget = client.on('connected', () => sink.connected());
      const leave = () => {
        isOver = true;
        subscriptions--;
        forget();
      };
      const lost = (error?: unknown) => {
        if (isOver) return;
        leave();
        // graphql-ws keeps its count of subscriptions over a connection that broke, unless each is ended.
        stop();
        sink.lost(error);
      };
      const stop = client.subscribe<Result>(
        { query: document.toString(), variables },
        { next: (result) => !isOver && sink.next(result), error: lost, complete: lost },
      );
      if (isConnected) sink.connected();
      return () => {
        if (isOver) return;
        leave();
        stop();
        // An open connection closes with its last subscription, one that is being made would first be opened.
        if (subscriptions === 0 && !isConnected) client.terminate();
      };
    },
  };
}

/** The WebSocket of the ws package, which Node 20 needs and which says why it could not connect, with time limits. */
function webSocketWithin(handshakeTimeout: number) {
  const limits = { handshakeTimeout, closeTimeout: closeTimeoutMs }; // the latter is not in the package's types yet
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, limits);
      // graphql-ws takes its listeners away from a socket that it terminates, and an error without a listener ends the process.
      this.on('error', () => {});
    }
  };
}
