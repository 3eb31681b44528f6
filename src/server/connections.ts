import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AnswerRoom } from '../schema/turns.ts';

/** What connections may take. Times are milliseconds, sizes bytes. */
export const connectionLimits = {
  /** Connections in all. Beyond it, the one that has kept the server waiting for longest is closed. */
  connections: 4_096,
  /** Connections from one address that the server waits for. Beyond it, the oldest of them is closed. */
  waitingPerAddress: 1_024,
  /** How long a client may read nothing of what is ready for it before its connection is closed. */
  unreadMs: 30_000,
  /** What all connections together may have ready and unread. Beyond it, answers wait and the slowest readers are closed. */
  unreadBytes: 64 << 20,
  /** No reader is slow before this. */
  slowMs: 2_000,
  /** What may have come of unfinished requests and messages on all connections. Beyond it, those with most of it are closed. */
  unfinishedBytes: 64 << 20,
  /** How often sizes and times are looked at. */
  checkIntervalMs: 500,
  /** How often an answer that waits for others to be read looks whether it may be built. */
  roomIntervalMs: 50,
};

export type ConnectionLimits = typeof connectionLimits;

export interface Connections extends AnswerRoom {
  /** The server no longer waits for this client: it has a request or an operation of its. Call the result when it is done. */
  work(socket: Socket): () => void;
  /** A whole message has come. */
  heard(socket: Socket): void;
  /** Waits until the requests that came before on the same connection are answered. */
  turn(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

interface Connection {
  readonly address: string;
  /** Requests and operations under way. */
  underWay: number;
  /** Resolves when the last request that came is answered. */
  answered: Promise<void>;
  /** Since when something is ready and unread; undefined while everything is read. */
  unreadSince: number | undefined;
  /** When the client last read something. */
  readAt: number;
  /** Bytes that the kernel has taken, and those that are on their way to it. */
  taken: number;
  inFlight: number;
  /** Bytes that had come when the last request or message was whole. */
  heard: number;
}

/**
 * Looks after the connections of a server. A connection waits while the server has no whole request of it: nothing
 * came, a request comes slowly, or the last one is answered. Waiting ones are closed for newcomers, the oldest first,
 * so that no number of silent clients shuts others out. Clients that do not read what they asked for are closed.
 */
export function watchConnections(
  httpServer: Server,
  log: Logger,
  limits: ConnectionLimits = connectionLimits,
): Connections {
  const open = new Map<Socket, Connection>();
  const waiting = new Set<Socket>(); // those that began to wait first come first
  const waitingOf = new Map<string, number>(); // by address

  const wait = (socket: Socket, { address }: Connection) => {
    waiting.add(socket);
    waitingOf.set(address, (waitingOf.get(address) ?? 0) + 1);
  };
  const stopWaiting = (socket: Socket, { address }: Connection) => {
    if (!waiting.delete(socket)) return;
    const left = (waitingOf.get(address) ?? 1) - 1;
    if (left > 0) waitingOf.set(address, left);
    else waitingOf.delete(address);
  };
  const closeOldestWaiting = (address?: string) => {
    for (const socket of waiting) {
      if (address !== undefined && open.get(socket)?.address !== address) continue;
      cut(socket);
      return;
    }
  };
  const cut = (socket: Socket) => {
    const connection = open.get(socket);
    if (connection) stopWaiting(socket, connection);
    open.delete(socket);
    socket.destroy();
  };

  const opened = (socket: Socket) => {
    const connection: Connection = {
      address: socket.remoteAddress ?? '',
      underWay: 0,
      answered: Promise.resolve(),
      unreadSince: undefined,
      readAt: 0,
      taken: 0,
      inFlight: 0,
      heard: 0,
    };
    open.set(socket, connection);
    wait(socket, connection);
    socket.once('close', () => {
      stopWaiting(socket, connection);
      open.delete(socket);
    });
    if ((waitingOf.get(connection.address) ?? 0) > limits.waitingPerAddress) closeOldestWaiting(connection.address);
    if (open.size > limits.connections) closeOldestWaiting();
  };

  const work = (socket: Socket) => {
    const connection = open.get(socket);
    if (!connection) return () => {};
    connection.underWay += 1;
    stopWaiting(socket, connection);
    return () => {
      connection.underWay -= 1;
      if (connection.underWay === 0 && open.has(socket)) wait(socket, connection);
    };
  };

  const heard = (socket: Socket) => {
    const connection = open.get(socket);
    if (connection) connection.heard = socket.bytesRead;
  };

  httpServer.on('connection', opened);
  httpServer.on('request', (request, response) => {
    const begin = () => {
      heard(request.socket);
      // One that is answered before its body was read is over.
      if (!response.closed) response.once('close', work(request.socket));
    };
    if (hasBody(request)) request.once('end', begin);
    else begin();
  });

  const check = () => {
    const now = performance.now();
    for (const [socket, connection] of open) {
      lookAtUnread(socket, connection, now);
      if (connection.unreadSince === undefined || now - connection.readAt < limits.unreadMs) continue;
      log.debug({ address: connection.address }, 'closed a connection whose client does not read');
      cut(socket);
    }
    const unfinished = [...open].map(([socket, { heard }]) => ({ socket, bytes: socket.bytesRead - heard }));
    closeUntil(
      limits.unfinishedBytes,
      unfinished.toSorted((a, b) => b.bytes - a.bytes),
    );
    const unread = [...open].flatMap(([socket, { unreadSince }]) =>
      unreadSince === undefined ? [] : { socket, bytes: socket.writableLength, unreadSince },
    );
    closeUntil(
      limits.unreadBytes,
      unread.toSorted((a, b) => a.unreadSince - b.unreadSince),
      ({ unreadSince }) => now - unreadSince >= limits.slowMs,
    );
  };
  /** Closes the first of them that may be closed, until all together have no more than so many bytes. */
  const closeUntil = <Each extends { readonly socket: Socket; readonly bytes: number }>(
    most: number,
    each: readonly Each[],
    mayClose: (one: Each) => boolean = () => true,
  ) => {
    let left = each.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const one of each) {
      if (left <= most) return;
      if (!mayClose(one)) continue;
      left -= one.bytes;
      log.debug({ address: open.get(one.socket)?.address, bytes: one.bytes }, 'closed a connection to free memory');
      cut(one.socket);
    }
  };
  const hasRoom = () => {
    let unread = 0;
    for (const socket of open.keys()) unread += socket.writableLength;
    return unread <= limits.unreadBytes;
  };
  const timer = setInterval(check, limits.checkIntervalMs);
  timer.unref();

  return {
    work,
    heard,
    async turn({ socket }, response) {
      const connection = open.get(socket);
      if (!connection) return;
      const before = connection.answered;
      connection.answered = new Promise((resolve) => response.once('close', resolve));
      await before;
    },
    hasRoom,
    async room() {
      while (!hasRoom()) await delay(limits.roomIntervalMs); // one look after the other
    },
    close: () => clearInterval(timer),
  };
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Notes whether the client has read anything since the last look. */
function lookAtUnread(socket: Socket, connection: Connection, now: number): void {
  const { writableLength } = socket;
  const taken = socket.bytesWritten - writableLength;
  const inFlight = inFlightOf(socket);
  const hasRead = taken > connection.taken || inFlight < connection.inFlight;
  connection.taken = taken;
  connection.inFlight = inFlight;
  if (writableLength === 0) connection.unreadSince = undefined;
  else if (connection.unreadSince === undefined) connection.unreadSince = now;
  else if (!hasRead) return;
  connection.readAt = now;
}

/** How much of the write that is under way the kernel has not taken yet: what net's own timeouts go by. */
function inFlightOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return 0;
  return Number(Reflect.get(handle, 'writeQueueSize') ?? 0);
}
