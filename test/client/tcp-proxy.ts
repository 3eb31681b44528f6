import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A port through which connections go to a server, and on which they can be lost. */
export interface TcpProxy {
  readonly port: number;
  readonly url: string;
  /** How many connections were made through it so far. */
  readonly connections: number;
  /** How many sockets it has open now, two a connection. */
  readonly openSockets: number;
  /** Breaks every connection. */
  cut(): void;
  /** Breaks every connection and refuses new ones until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** From now on connects to another server. */
  retarget(port: number): void;
  /** Goes on accepting connections, but transports nothing any more: as a cable that is unplugged. */
  freeze(): void;
}

export async function openProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let targetPort = target;
  let connections = 0;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    connections++;
    const far = track(connect(targetPort, '127.0.0.1'));
    track(near).pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port; // it listens on TCP
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  onTestFinished(close);
  const port = await listen(0);
  return {
    port,
    url: `http://127.0.0.1:${port}/graphql`,
    get openSockets() {
      return sockets.size;
    },
    get connections() {
      return connections;
    },
    cut,
    close,
    open: async () => void (await listen(port)),
    retarget: (port) => {
      targetPort = port;
    },
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
  };
}
