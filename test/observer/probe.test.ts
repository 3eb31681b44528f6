import { once } from 'node:events';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probePort } from '../../src/observer/probe.ts';

describe('probing a port', () => {
  it.each<[string, ListenOptions]>([
    ['127.0.0.1', { host: '127.0.0.1' }],
    ['::1', { host: '::1' }],
    ['0.0.0.0', { host: '0.0.0.0' }],
    [':: alone', { host: '::', ipv6Only: true }],
    [':: and 0.0.0.0 together', { host: '::' }],
  ])('finds a listener on %s, and none once it has gone', async (_name, address) => {
    const { server, port } = await listen(address);

    await expect(probePort(port)).resolves.toBe('listening');

    server.close();
    await once(server, 'close');
    await expect(probePort(port)).resolves.toBe('free');
  });

  it('leaves the port free to listen on', async () => {
    const { server, port } = await listen({ host: '127.0.0.1' });
    server.close();
    await once(server, 'close');
    await probePort(port);

    await expect(listen({ host: '127.0.0.1', port })).resolves.toMatchObject({ port });
  });
});

async function listen(options: ListenOptions): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen({ port: 0, ...options });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP
  return { server, port };
}
