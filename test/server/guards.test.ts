import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { sendOperation, sendRaw } from '../support/raw-request.ts';
import { openAcknowledged, openWebsocket } from '../support/raw-websocket.ts';
import { shareServer } from '../support/server.ts';

const allowed = 'registry.example.test';

describe('a server on loopback', () => {
  const server = shareServer(embedded, { config: { allowedHosts: [allowed] } });
  const host = () => `127.0.0.1:${server().port}`;

  it.each(['localhost', '127.0.0.1', '[::1]', allowed, allowed.toUpperCase()])(
    'answers under the name %s, with any port',
    async (name) => {
      const statuses = await Promise.all([
        sendOperation(server().port, { host: name }).then(({ status }) => status),
        sendOperation(server().port, { host: `${name}:1234` }).then(({ status }) => status),
      ]);
      expect(statuses).toEqual([200, 200]);
    },
  );

  it.each([
    'evil.example',
    'evil.example:4280',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost,evil.example',
    'localhost.',
    'localhost.:4280',
    '10.0.0.1',
  ])('does not answer under the name %j, as after DNS rebinding', async (name) => {
    for (const path of ['/graphql', '/', '/health', '/ready', '/metrics', '/nothing']) {
      const { status } = await sendRaw(server().port, { path, headers: { host: name } });
      expect(status, path).toBe(403);
    }
    expect((await sendOperation(server().port, { host: name })).status).toBe(403);
  });

  it('tells under which name it was called, and the remedy, and closes the connection', async () => {
    const { text, headers } = await sendOperation(server().port, { host: 'evil.example' });
    expect(JSON.parse(text).errors[0].message).toMatch(/"evil\.example".*WHARFINGER_ALLOWED_HOSTS/);
    expect(headers.connection).toBe('close');
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['the same machine under another name', { origin: 'http://localhost.evil.example' }],
    ['a sandboxed frame or a file', { origin: 'null' }],
    ['an extension', { origin: 'chrome-extension://abcdef' }],
    ['text that is no origin', { origin: 'evil' }],
    ['another site, without an Origin', { 'sec-fetch-site': 'cross-site' }],
  ])('answers no page of %s', async (_who, headers) => {
    const operation = await sendOperation(server().port, { host: host(), ...headers });
    const health = await sendRaw(server().port, { path: '/health', headers: { host: host(), ...headers } });
    expect([operation.status, health.status]).toEqual([403, 403]);
    expect(operation.text).toBe(health.text);
    expect(operation.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('shows GraphiQL to somebody who follows a link on another site, and nothing else', async () => {
    const link = {
      host: host(),
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const page = await sendRaw(server().port, { path: '/graphql', headers: { ...link, accept: 'text/html' } });
    const query = await sendRaw(server().port, { path: '/graphql?query={__typename}', headers: link });
    const frame = await sendRaw(server().port, {
      path: '/graphql',
      headers: { ...link, 'sec-fetch-dest': 'iframe', accept: 'text/html' },
    });
    expect([page.status, query.status, frame.status]).toEqual([200, 400, 403]);
    expect(page.text).toContain('<title>Wharfinger</title>');
  });

  it('answers its own page', async () => {
    const headers = { host: host(), origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' };
    expect((await sendOperation(server().port, headers)).status).toBe(200);
  });

  it('answers no CORS preflight', async () => {
    const headers = { host: host(), origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const { status, headers: answered } = await sendRaw(server().port, {
      method: 'OPTIONS',
      path: '/graphql',
      headers,
    });
    expect(status).toBe(403);
    expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }, '403'],
    ['a page of no origin', { origin: 'null' }, '403'],
    ['a page of another port', { origin: 'http://127.0.0.1:3000' }, '403'],
    ['a foreign Host', { headers: { host: 'evil.example' } }, '403'],
    ['a Host that is no name', { headers: { host: '\xc3' } }, '400'],
    ['an Origin that is none', { headers: { origin: 'http://\xc3' } }, '403'],
    ['a cross-site page', { headers: { 'sec-fetch-site': 'cross-site' } }, '403'],
  ])('upgrades no WebSocket of %s', async (_who, options, status) => {
    await expect(openWebsocket(server().url, options)).rejects.toThrow(status);
  });

  it('upgrades WebSockets at the graph only', async () => {
    await expect(openWebsocket(`${server().origin}/elsewhere`)).rejects.toThrow('404');
  });

  it('upgrades a WebSocket of its own page, and of a program without an origin', async () => {
    const page = await openAcknowledged(server().url, { origin: `http://${host()}` });
    const program = await openAcknowledged(server().url);
    expect([page.socket.readyState, program.socket.readyState]).toEqual([page.socket.OPEN, program.socket.OPEN]);
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/graphql', 415],
    ['application/jsonp', 415],
    ['Application/JSON', 415],
    ['', 415],
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
  ])('answers a POST of %j with %i', async (type, status) => {
    const answer = await sendOperation(server().port, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(status === 200 ? '"Query"' : 'application/json');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])('takes no operation by %s', async (method) => {
    expect((await sendRaw(server().port, { method, path: '/graphql?query={__typename}' })).status).toBe(405);
  });

  it('takes an operation by GET only from whoever can set a header', async () => {
    const path = '/graphql?query=%7B__typename%7D';
    const accept = 'application/json';
    const bare = await sendRaw(server().port, { path, headers: { accept } });
    const page = await sendRaw(server().port, { path, headers: { accept: 'text/html' } });
    const marked = await sendRaw(server().port, { path, headers: { accept, 'graphql-require-preflight': '1' } });
    expect([bare.status, marked.status]).toEqual([400, 200]);
    expect(page.text).not.toContain('{"data"');
    expect(JSON.parse(marked.text)).toEqual({ data: { __typename: 'Query' } });
  });

  it('runs no mutation by GET', async () => {
    const mutation = encodeURIComponent('mutation { allocatePort(input: {serviceName: "get"}) { __typename } }');
    const headers = { accept: 'application/json', 'graphql-require-preflight': '1' };
    const { status } = await sendRaw(server().port, { path: `/graphql?query=${mutation}`, headers });
    expect(status).toBe(405);
    const { data } = await server().post('{ portAllocations { totalCount } }');
    expect(data).toEqual({ portAllocations: { totalCount: 0 } });
  });
});
