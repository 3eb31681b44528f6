import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { sendRaw } from '../support/raw-request.ts';
import { listener, seeing } from '../support/registry.ts';
import { shareServer, startServer } from '../support/server.ts';

describe('a server', () => {
  const server = shareServer(embedded, { observer: seeing([listener(8_900)]) });
  const get = (path: string, headers = {}) => sendRaw(server().port, { path, headers });

  afterEach(() => {
    expect(server().entries('error')).toEqual([]);
  });

  it('shows GraphiQL to a browser, with nothing from elsewhere', async () => {
    const { status, headers, text } = await get('/graphql', { accept: 'text/html,application/xhtml+xml' });
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(text).toContain('<title>Wharfinger</title>');
    const tags = text.match(/<(?:script|link|img|iframe|style|base|meta|source)\b[^>]*>/gi) ?? [];
    expect(tags.length).toBeGreaterThan(1);
    for (const tag of tags) expect(tag.slice(0, 300)).not.toMatch(/\b(?:src|href|srcset)\s*=\s*["']?(?:https?:)?\/\//i);
    expect(text.match(/\bimport\s*(?:\(|[^;'"(]*from\s*)\s*["'](?:https?:)?\/\/[^"']*/g)).toBeNull();
    expect(text.match(/@import\s+(?:url\()?["']?(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/[^)]*/gi)).toBeNull();
    expect(text.match(/\b(?:importScripts|new Worker)\(\s*["']https?:/g)).toBeNull();
  });

  it('leads from / to the graph', async () => {
    const { status, headers } = await get('/');
    expect([status, headers.location]).toEqual([302, '/graphql']);
  });

  it.each(['/nothing', '/graphql/', '/graphql/health', '/graphql/ready', '//graphql', '/%67raphql', '/..%2fgraphql'])(
    'has nothing at %s',
    async (path) => {
      const { status, text } = await get(path);
      expect([status, JSON.parse(text).errors[0].message]).toEqual([404, expect.stringContaining('/graphql')]);
    },
  );

  it('takes nothing but reading elsewhere', async () => {
    for (const path of ['/', '/health', '/ready', '/metrics']) {
      expect((await sendRaw(server().port, { method: 'POST', path })).status, path).toBe(404);
    }
  });

  it('says that it lives and is ready', async () => {
    const [health, ready] = await Promise.all([get('/health'), get('/ready')]);
    expect([health.status, JSON.parse(health.text)]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'ready', database: 'ok', storage: 'ok', detection: 'ok', scan: 'ok', paths: 'ok' },
    ]);
  });

  it('counts what it did', async () => {
    const { post } = server();
    const allocate = (input: string) => post(`mutation { allocatePort(input: {${input}}) { __typename } }`);
    await allocate('serviceName: "web"');
    await allocate('serviceName: "web"');
    await allocate('serviceName: "other", exactPort: 8000');
    await allocate('serviceName: ""');
    await post('{ nothing }');
    await server().registry.scanHost();
    await server().registry.cleanupPorts({ host: null, dryRun: false });
    await post('{ portAllocations { totalCount } }');
    const { text, headers } = await get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    const figure = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')
          .at(-1),
      );
    expect(figure('wharfinger_allocations_total{result="created"}')).toBe(1);
    expect(figure('wharfinger_allocations_total{result="held"}')).toBe(1);
    expect(figure('wharfinger_allocations_total{result="port_unavailable"}')).toBe(1);
    expect(figure('wharfinger_registry_operations_total{operation="allocate",result="ok"}')).toBe(2);
    expect(figure('wharfinger_graphql_operations_total{kind="mutation",outcome="ok"}')).toBe(4);
    expect(figure('wharfinger_graphql_operations_total{kind="query",outcome="ok"}')).toBe(1);
    expect(figure('wharfinger_live_allocations{host="quay",environment="dev"}')).toBe(1);
    expect(figure('wharfinger_range_utilization_ratio{host="quay",environment="dev"}')).toBe(0.001);
    expect(figure('wharfinger_subscribers')).toBe(0);
    expect(figure('wharfinger_feed_lag_events')).toBe(0);
    expect(figure('wharfinger_batch_size_count')).toBeGreaterThanOrEqual(3);
    expect(figure('wharfinger_detection_up')).toBe(1);
    expect(figure('wharfinger_listeners{host="quay"}')).toBe(1);
    expect(figure('wharfinger_open_conflicts{host="quay",kind="unregistered_listener"}')).toBe(1);
    expect(figure('wharfinger_open_conflicts{host="quay",kind="port_squatted"}')).toBe(0);
    expect(figure('wharfinger_registry_operations_total{operation="scan",result="ok"}')).toBe(1);
    expect(figure('wharfinger_registry_operations_total{operation="cleanup",result="ok"}')).toBe(1);
    expect(figure('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

describe('a server that is degraded', () => {
  it.each(['lateness', 'trouble'])('says why, for its %s', async (what) => {
    const server = await startServer({ database: await embedded.open(), [what]: 'It hangs: see why.' });
    const ready = await sendRaw(server.port, { path: '/ready' });
    const parts = { database: 'ok', storage: 'ok', detection: 'ok', scan: 'ok', paths: 'ok' };
    const part = what === 'lateness' ? 'scan' : 'paths';
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'degraded', ...parts, [part]: 'It hangs: see why.' },
    ]);
  });

  it('says why what is written is not kept, and goes on answering what it knows', async () => {
    const place = await embedded.create();
    const server = await startServer({ database: await place.open({ durability: 'full' }) });
    const allocate = 'mutation { allocatePort(input: {serviceName: "web"}) { __typename } }';
    await rm(join(place.dataDirectory ?? '', 'journal'));
    const gone = expect.stringMatching(/^The data directory .* was deleted or moved while the server runs/);

    const ready = await sendRaw(server.port, { path: '/ready' });
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'degraded', database: 'ok', storage: gone, detection: 'ok', scan: 'ok', paths: 'ok' },
    ]);
    const { errors } = await server.post(allocate);
    expect(errors).toMatchObject([{ message: gone, extensions: { code: 'UNAVAILABLE' } }]);
    const { data } = await server.post('{ portAllocations { totalCount } }');
    expect(data).toMatchObject({ portAllocations: { totalCount: expect.any(Number) } });
  });

  it('says why its host cannot be seen, and serves all the same', async () => {
    const blindness = 'lsof is missing: install it.';
    const server = await startServer({ database: await embedded.open(), blindness });
    const ready = await sendRaw(server.port, { path: '/ready' });
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'degraded', database: 'ok', storage: 'ok', detection: blindness, scan: 'ok', paths: 'ok' },
    ]);
    expect((await sendRaw(server.port, { path: '/metrics' })).text).toMatch(/^wharfinger_detection_up 0$/m);
    const { data } = await server.post('mutation { allocatePort(input: {serviceName: "web"}) { __typename } }');
    expect(data).toEqual({ allocatePort: { __typename: 'AllocatePortSuccess' } });
  });
});

describe('a server whose database does not answer', () => {
  it('lives, is not ready, and still tells its other figures', async () => {
    const database = await embedded.open();
    let answers = true;
    const query: typeof database.query = (...statement) =>
      answers ? database.query(...statement) : new Promise(() => {});
    const failing = { ...database, query };
    const server = await startServer({ database: failing });
    answers = false;
    const [health, ready] = await Promise.all(['/health', '/ready'].map((path) => sendRaw(server.port, { path })));
    expect(health?.status).toBe(200);
    expect([ready?.status, JSON.parse(ready?.text ?? '')]).toEqual([
      503,
      { status: 'unavailable', database: 'does not answer', storage: 'ok', detection: 'ok', scan: 'ok', paths: 'ok' },
    ]);
    answers = true;
    expect((await sendRaw(server.port, { path: '/ready' })).status).toBe(200);
  });
});
