import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { send } from '../../src/cli/send.ts';
import { createRegistryClient } from '../../src/client/client.ts';

/** The URL of an HTTP server that answers everything in one way. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`; // it listens on TCP
}

it('sends what it is given and answers as fetch does', async () => {
  const url = await answering(async (request, response) => {
    const { method, headers } = request;
    response
      .writeHead(418, { 'Content-Type': 'text/plain' })
      .end(JSON.stringify([method, headers['x-from'], await text(request)]));
  });
  const options = { method: 'POST', headers: new Headers({ 'x-from': 'quay' }), body: 'größe' } as const;
  for (const each of [send, fetch]) {
    const response = await each(url, { ...options, signal: AbortSignal.timeout(10_000) });
    expect([response.ok, response.status, response.headers.get('content-type')]).toEqual([false, 418, 'text/plain']);
    expect(JSON.parse(await response.text())).toEqual(['POST', 'quay', 'größe']);
  }
});

it.each<[string, RequestListener]>([
  ['never answers', () => {}],
  ['stops in its answer', (_request, response) => void response.writeHead(200).write('{"data": ')],
])('tells a client of a server that %s that it took too long', async (_what, listener) => {
  const client = createRegistryClient({ url: await answering(listener), timeoutMs: 50, fetch: send });
  await expect(client.portRanges()).rejects.toMatchObject({ name: 'RegistryUnreachable', code: 'TIMEOUT' });
});

it('tells a client of a connection that breaks', async () => {
  const cut: RequestListener = (_request, response) =>
    void response.writeHead(200).write('{', () => response.destroy());
  const client = createRegistryClient({ url: await answering(cut), fetch: send });
  await expect(client.portRanges()).rejects.toMatchObject({ name: 'RegistryUnreachable', code: 'ECONNRESET' });
});
