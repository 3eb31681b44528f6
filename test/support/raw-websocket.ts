import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';

/** A WebSocket that speaks for itself, where a client library would not say what a test wants said. */
export interface RawWebsocket {
  readonly socket: WebSocket;
  send(message: unknown): void;
  /** The next message that matches, among all that came or will. */
  message(matches: (message: RawMessage) => boolean): Promise<RawMessage>;
  /** Resolves when it is closed, by whomever. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

interface RawMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** Opens a graphql-transport-ws connection; fails with the status where the upgrade is refused. */
export async function openWebsocket(url: string, options: ClientOptions = {}): Promise<RawWebsocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', options);
  onTestFinished(() => socket.terminate());
  const messages: RawMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as RawMessage)); // the protocol's
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  closed.catch(() => {});
  await once(socket, 'open');
  return {
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    async message(matches) {
      for (;;) {
        const found = messages.find(matches);
        if (found) return found;
        await once(socket, 'message'); // one after the other, as they come
      }
    },
    closed,
  };
}

/** Opens a connection that the server has acknowledged. */
export async function openAcknowledged(url: string, options: ClientOptions = {}, payload?: object) {
  const connection = await openWebsocket(url, options);
  connection.send({ type: 'connection_init', payload });
  await connection.message(({ type }) => type === 'connection_ack');
  return connection;
}
