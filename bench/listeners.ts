import { createServer } from 'node:net';
import { answerCalls } from './remote.ts';

/** A process that listens: what a scan of the host has to find. */
const methods = {
  /** Listens on these ports of 127.0.0.1, but for those that are taken; answers on how many. */
  async listen({ ports }: { ports: readonly number[] }) {
    const listening = await Promise.all(ports.map(listenOn));
    return listening.filter(Boolean).length;
  },
};

export type Listeners = typeof methods;

function listenOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => resolve(true));
  });
}

answerCalls(methods);
