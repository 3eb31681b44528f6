import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createRegistryClient,
  RegistryError,
  RegistryUnauthorized,
  RegistryUnreachable,
} from '../../src/client/client.ts';
import { embedded } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { openClient } from './registry-client.ts';

/** The error that something ends with. */
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => expect.fail(`answered ${inspect(value)}`),
    (error: unknown) => error,
  );
}

/** The URL of an HTTP server that answers everything in one way. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`; // it listens on TCP
}

/** The URL of a port on which nobody listens. */
async function deserted(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/graphql`;
}

/** The same for a method, a subscription and a subscription that has a cursor and so connects at once. */
const ways = [
  ['a request', (client) => client.portRanges()],
  ['a subscription', (client) => client.allocationChanged().next()],
  ['a resumed subscription', (client) => client.allocationChanged({ after: '0' }).next()],
] satisfies [string, (client: ReturnType<typeof openClient>) => Promise<unknown>][];

describe.each(ways)('%s', (_name, send) => {
  it('says where it looked for the registry and how to start it, where nobody listens', async () => {
    const url = await deserted();
    const error = await errorOf(send(openClient({ url })));
    expect(error).toBeInstanceOf(RegistryUnreachable);
    expect(error).toMatchObject({ url, code: 'ECONNREFUSED' });
    expect(String(error)).toContain(`No registry answers at ${url} (ECONNREFUSED)`);
    expect(String(error)).toContain('`wharfinger serve`');
    expect(String(error)).toContain('`npm start`');
  });

  it('gives up on a server that accepts connections but never answers', async () => {
    const url = await answering(() => {});
    const error = await errorOf(send(openClient({ url, timeoutMs: 50 })));
    expect(error).toBeInstanceOf(RegistryUnreachable);
    expect(error).toMatchObject({ url });
  });

  it.each([
    [404, '<h1>My shop</h1>'],
    [200, '<h1>My shop</h1>'],
    [200, '{"items": []}'],
    [200, 'null'],
  ])('says that something else answers at the URL with %i %s', async (status, text) => {
    const page = (_request: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(status).end(text);
    const error = await errorOf(send(openClient({ url: await answering(page) })));
    expect(error).toMatchObject({ name: 'RegistryError', code: 'NOT_A_REGISTRY' });
  });

  it('takes a proxy without a registry behind it for no answer', async () => {
    const url = await answering((_request, response) => response.writeHead(502).end('Bad Gateway'));
    const error = await errorOf(send(openClient({ url })));
    expect(error).toBeInstanceOf(RegistryUnreachable);
    expect(error).toMatchObject({ code: 'HTTP_502' });
  });

  it('asks for a token where the server wants one, and says when it is the wrong one', async () => {
    const { url } = await startServer({ database: await embedded.open(), config: { token: 'secret' } });
    const without = await errorOf(send(openClient({ url })));
    expect(without).toBeInstanceOf(RegistryUnauthorized);
    expect(String(without)).toContain('wants a token');
    const wrong = await errorOf(send(openClient({ url, token: 'guess' })));
    expect(wrong).toBeInstanceOf(RegistryUnauthorized);
    expect(String(wrong)).toContain('does not accept the token');
    expect(inspect(wrong)).not.toContain('guess');
  });
});

it('sends the token with requests and subscriptions', async () => {
  const { url } = await startServer({ database: await embedded.open(), config: { token: 'secret' } });
  const client = openClient({ url, token: 'secret' });
  const changes = client.allocationChanged({ after: '0' });
  await client.allocatePort({ serviceName: 'web' });
  expect(await changes.next()).toMatchObject({ value: { allocation: { serviceName: 'web' } } });
});

it('throws what the registry says, with its code, and not the request', async () => {
  const { url } = await startServer({ database: await embedded.open() });
  const error = await errorOf(openClient({ url }).allocationEvents({ first: 0, where: { host: 'a-private-name' } }));
  if (!(error instanceof RegistryError)) expect.fail(`was ${inspect(error)}`);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', extensions: { issues: [{ path: ['first'] }] } });
  expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/a-private-name|query/);
  expect(error.cause).toBeUndefined();
});

it('ends a subscription whose cursor the registry does not know', async () => {
  const { url } = await startServer({ database: await embedded.open() });
  const changes = openClient({ url }).allocationChanged({ after: '17' });
  expect(await errorOf(changes.next())).toMatchObject({ name: 'RegistryError', code: 'UNKNOWN_CURSOR' });
  expect(await changes.next()).toEqual({ done: true, value: undefined });
});

it('takes the path of the graph for granted, and refuses what is no URL', () => {
  expect(createRegistryClient({ url: 'http://localhost:4280' }).url).toBe('http://localhost:4280/graphql');
  expect(createRegistryClient().url).toBe('http://127.0.0.1:4280/graphql');
  expect(() => createRegistryClient({ url: 'localhost:4280' })).toThrow('http://127.0.0.1:4280/graphql');
});

it('tells nobody what is secret in a URL', async () => {
  const url = await deserted();
  const error = await errorOf(openClient({ url: `${url}?token=sekret` }).portRanges());
  expect(error).toMatchObject({ url, code: 'ECONNREFUSED' });
  expect(String(error)).not.toContain('sekret');
  const page = await answering((_request, response) => response.writeHead(404).end());
  expect(String(await errorOf(openClient({ url: `${page}?token=sekret` }).portRanges()))).not.toContain('sekret');
  for (const wrong of ['http://user:sekret@localhost:4280', 'https://sekret@localhost', 'user:sekret@localhost:4280']) {
    const create = () => createRegistryClient({ url: wrong });
    expect(create).toThrow(TypeError);
    expect(create).not.toThrow('sekret');
  }
});
