import { describe, expect, it } from 'vitest';
import { largestBody } from '../../src/server/guards.ts';
import type { Database } from '../../src/storage/database.ts';
import { type Engine, embedded, engines, postgresql } from '../support/databases.ts';
import { dump } from '../support/dump.ts';
import {
  allocate,
  checkout,
  codebase,
  conversation,
  granted,
  registration,
  release,
  repository,
  worktree,
} from '../support/registry.ts';
import { shareServer } from '../support/server.ts';
import { type Harbour, openHarbour } from './harbour.ts';

const report = `
  ... on ImportReport {
    dryRun applied created unchanged conflicting invalid
    rows { line port serviceName outcome message holder { port serviceName } allocation {
      port serviceName environment host { name } codebase { id name } worktree { path branch } liveness url conflicts { id }
    } }
  }
  ... on Error { code message }
  ... on InvalidInput { issues { path message } }`;

interface Report {
  readonly __typename: string;
  readonly created: number;
  readonly unchanged: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

async function importInto(
  { ask }: Pick<Harbour, 'ask'>,
  variables: Readonly<Record<string, unknown>>,
): Promise<Report> {
  const declared =
    '$format: RegistryFormat!, $content: String!, $host: String, $dryRun: Boolean! = false, $atomic: Boolean! = false, $environment: Environment';
  const given =
    'format: $format, content: $content, host: $host, dryRun: $dryRun, atomic: $atomic, environment: $environment';
  const { importRegistry } = await ask<{ importRegistry: Report }>(
    `mutation (${declared}) { importRegistry(${given}) { __typename ${report} } }`,
    variables,
  );
  return importRegistry;
}

async function exportFrom({ ask }: Pick<Harbour, 'ask'>, format: string, where?: Readonly<Record<string, unknown>>) {
  const { exportRegistry } = await ask<{ exportRegistry: string }>(
    'query ($format: RegistryFormat!, $where: AllocationFilter) { exportRegistry(format: $format, where: $where) }',
    { format, where },
  );
  return exportRegistry;
}

/** Something of everything that a registry can hold. */
async function fill({ registry, clock }: Harbour): Promise<void> {
  granted(
    await registry.registerCodebase(
      repository('shop', { id: 'shop', repositoryUrl: 'https://x/shop', servicePorts: { api: 8_100 } }),
    ),
  );
  granted(await registry.registerCodebase(repository('empty', { id: 'empty', primaryPort: 8_200 })));
  clock.advance(1_000);
  granted(
    await registry.registerWorktree(
      checkout('/src/shop', { branch: 'main', codebaseId: 'shop', conversationId: 'issue 1' }),
    ),
  );
  granted(await registry.registerWorktree(checkout('/src/gone', { branch: 'old' })));
  granted(await registry.removeWorktree({ path: '/src/gone', host: null }));
  clock.advance(1_000);
  const metadata = { a: { b: [1, null, 'größe|"\n'] }, ['__proto__']: 1 };
  await allocate(registry, 'api', { owner: worktree('/src/shop'), description: '=1+1\nlines', metadata });
  await allocate(registry, 'web', { owner: codebase('shop'), publicHostnames: ['shop.example.com'] });
  await allocate(registry, "it's |web|", { owner: conversation('issue 2'), environment: 'test' });
  await allocate(registry, 'web', { host: 'pier' });
  granted(await registry.registerPort(registration(443, 'nginx', { environment: 'production' })));
  granted(await registry.registerPort(registration(9_500, 'forced', { force: true, environment: 'dev' })));
  const { port } = await allocate(registry, 'back again');
  clock.advance(1_000);
  granted(await registry.releasePort(release(port)));
  clock.advance(1_000);
  await allocate(registry, 'back again');
}

/** The tables of a registry that an export tells, without what only its own database numbers. */
async function told(database: Database) {
  const { host, codebase: codebases, worktree: worktrees, port_allocation } = await dump(database);
  const withoutRevision = (rows: unknown[] = []) => rows.map((row) => ({ ...(row as object), revision: 0 }));
  return { host, codebase: withoutRevision(codebases), worktree: withoutRevision(worktrees), port_allocation };
}

const pairs: readonly (readonly [Engine, Engine])[] = engines.flatMap((from) =>
  engines.map((to) => [from, to] as const),
);

describe.each(pairs)('an export as JSON from $name to $name', (from, to) => {
  it('gives an empty registry everything, history included, and changes nothing the second time', async () => {
    const [here, there] = [await openHarbour(await from.open()), await openHarbour(await to.open())];
    await fill(here);
    const content = await exportFrom(here, 'JSON');
    const dry = await importInto(there, { format: 'JSON', content, dryRun: true });
    const first = await importInto(there, { format: 'JSON', content, atomic: true });
    expect(first).toMatchObject({ applied: true, conflicting: 0, invalid: 0, unchanged: 0 });
    expect({ ...first, dryRun: true, applied: false }).toEqual(dry);
    expect(await told(there.database)).toEqual(await told(here.database));

    const before = await dump(there.database);
    const second = await importInto(there, { format: 'JSON', content });
    expect(second).toMatchObject({ created: 0, unchanged: first.created, conflicting: 0, invalid: 0 });
    expect(await dump(there.database)).toEqual(before);
    const again = await exportFrom(there, 'JSON');
    const withoutTime = (text: string) => text.replace(/"exportedAt": ".*"/, '');
    expect(withoutTime(again)).toBe(withoutTime(content));
  });
});

describe.each(['CSV', 'MARKDOWN', 'PORT_KEEPER', 'DEVPORTS', 'SCAR_SUPERVISION'])('an export as %s', (format) => {
  it('is unchanged where it comes from, and elsewhere registers what it tells', async () => {
    const here = await openHarbour(await embedded.open());
    await fill(here);
    const before = await dump(here.database);
    const content = await exportFrom(here, format);
    const home = await importInto(here, { format, content });
    const isOfOneHost = !['CSV', 'MARKDOWN'].includes(format);
    const count = 8 - (isOfOneHost ? 1 : 0) - (format === 'DEVPORTS' ? 1 : 0);
    expect(home).toMatchObject({ created: 0, unchanged: count, conflicting: 0, invalid: 0 });
    expect(await dump(here.database)).toEqual(before);

    const there = await openHarbour(await embedded.open());
    granted(await there.registry.registerCodebase(repository('shop', { id: 'shop' })));
    const away = await importInto(there, { format, content });
    // One lies in the range of another environment, to which it was forced; SCAR's format does not say so.
    const forced = format === 'SCAR_SUPERVISION' ? 0 : 1;
    expect(away).toMatchObject({ created: count - forced, unchanged: 0, conflicting: 0, invalid: forced });
    const repeated = await importInto(there, { format, content });
    expect(repeated).toMatchObject({ created: 0, unchanged: count - forced, invalid: forced });
  });

  it('tells what a filter lets through', async () => {
    const here = await openHarbour(await embedded.open());
    await fill(here);
    const content = await exportFrom(here, format, { host: 'pier' });
    const { rows } = await importInto(here, { format, content, host: 'pier' });
    expect(rows).toMatchObject([{ port: 8_000, outcome: 'UNCHANGED', allocation: { host: { name: 'pier' } } }]);
  });
});

describe('importRegistry', () => {
  const served = shareServer(postgresql);
  const harbour = {
    async ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data> {
      const { data, errors } = await served().post<Data>(query, variables);
      expect(errors).toBeUndefined();
      return data;
    },
  };

  it('answers every row with its line, its outcome and a sentence', async () => {
    const content = [
      'port,service,environment,worktree,metadata,hostnames',
      '8000,web,dev,/src/a,"{""a"":1}",a.example.com b.example.com',
      '8000,api',
      '8000,web',
      '65536,web',
      ',web',
      '8e3,web',
      '-1,web',
      '8001.5,web',
      '8001,',
      '8001,web,staging',
      '8001,web,dev,relative/path',
      '8001,web,dev,,text',
      '8001,web,dev,,,not a host!',
      '8001,"we\0b",dev',
      `8001,${'x'.repeat(256)}`,
    ].join('\n');
    const { rows } = await importInto(harbour, { format: 'CSV', content });
    expect(rows.map(({ line, port, outcome, message }) => [line, port, outcome, message])).toEqual([
      [2, 8_000, 'CREATED', 'Port 8000 on quay is registered for the dev service "web" of worktree /src/a.'],
      [
        3,
        8_000,
        'CONFLICT',
        expect.stringMatching(/^Port 8000 on quay is held by .*, and the row is about the service "api": /),
      ],
      [4, 8_000, 'UNCHANGED', expect.stringMatching(/^Port 8000 on quay is held by .*, as the row says\.$/)],
      [5, null, 'INVALID', 'port: "65536" is no port: a port is a whole number from 1 to 65535.'],
      [6, null, 'INVALID', 'port: There is no port: a port is a whole number from 1 to 65535.'],
      [7, null, 'INVALID', expect.stringMatching(/^port: "8e3" is no port/)],
      [8, null, 'INVALID', expect.stringMatching(/^port: "-1" is no port/)],
      [9, null, 'INVALID', expect.stringMatching(/^port: "8001.5" is no port/)],
      [10, 8_001, 'INVALID', 'serviceName: There is no service name.'],
      [11, 8_001, 'INVALID', 'environment: It is dev, test or production.'],
      [12, 8_001, 'INVALID', expect.stringMatching(/^worktreePath: It is not an absolute path/)],
      [13, 8_001, 'INVALID', 'metadata: It is a JSON object.'],
      [14, 8_001, 'INVALID', expect.stringMatching(/^publicHostnames.2: It is a hostname/)],
      [15, 8_001, 'INVALID', 'serviceName: It has no control characters.'],
      [16, 8_001, 'INVALID', 'serviceName: It has at most 255 characters.'],
    ]);
    expect(rows[1]).toMatchObject({ holder: { port: 8_000, serviceName: 'web' }, allocation: null });
    expect(rows[0]?.allocation).toEqual({
      port: 8_000,
      serviceName: 'web',
      environment: 'DEV',
      host: { name: 'quay' },
      codebase: null,
      worktree: { path: '/src/a', branch: null },
      liveness: 'UNKNOWN',
      url: 'http://localhost:8000',
      conflicts: [],
    });
  });

  it('reads a port as a number or in digits, and as nothing else', async () => {
    const ports = [
      '"8010"',
      '8011',
      '8012.0',
      '" 8013 "',
      '8014.5',
      '-8015',
      '1e999',
      '"0x1f50"',
      'null',
      '{}',
      '[8016]',
      'true',
      '"８０１７"',
    ];
    const rows = ports.map((port, index) => `{"port": ${port}, "project": "p${index}", "service": "s", "type": "api"}`);
    const content = `{"allocations": [\n${rows.join(',\n')}\n], "reservations": []}`;
    const imported = await importInto(harbour, { format: 'DEVPORTS', content });
    expect(imported.rows.map(({ line, outcome }) => [line, outcome])).toEqual(
      ports.map((_port, index) => [index + 2, index < 4 ? 'CREATED' : 'INVALID']),
    );
  });

  it.each([
    ['times that are none', '"allocatedAt": "yesterday"', 'allocatedAt'],
    ['times that PostgreSQL does not take', '"allocatedAt": "0000-01-01T00:00:00Z"', 'allocatedAt'],
    [
      'a status that does not fit the time',
      '"allocatedAt": "2026-01-01T00:00:00Z", "status": "released"',
      'releasedAt',
    ],
    ['an id that is none', '"id": "1; DROP TABLE"', 'id'],
    ['a process that is none', '"processId": 1e20', 'processId'],
    ['a host that is none', '"host": "a b"', 'host'],
    ['metadata with a NUL', '"metadata": {"a": "\\u0000"}', 'metadata'],
    ['metadata that nests too deep', `"metadata": ${'{"a":'.repeat(30)}1${'}'.repeat(30)}`, 'metadata'],
    ['broken Unicode', '"description": "\\ud800"', 'description'],
  ])('refuses a row of the own format with %s, and no other', async (_what, field, path) => {
    const content = `{"format": "wharfinger", "version": 1, "allocations": [
      {"port": 8100, "serviceName": "bad", ${field}},
      {"port": 8101, "serviceName": "good"}]}`;
    const { rows } = await importInto(harbour, { format: 'JSON', content, dryRun: true });
    expect(rows).toMatchObject([
      { line: 2, outcome: 'INVALID', port: 8_100, message: expect.stringMatching(new RegExp(`^${path}: `)) },
      { line: 3, outcome: 'CREATED' },
    ]);
  });

  it('takes the host and the environment that are given for all rows', async () => {
    const content = '{"allocations": {"3500": "app", "8200": "web"}}';
    const variables = { format: 'SCAR_SUPERVISION', content, host: 'pier', environment: 'TEST' };
    const { rows } = await importInto(harbour, variables);
    expect(rows).toMatchObject([
      { allocation: { environment: 'TEST', host: { name: 'pier' } } },
      { allocation: { environment: 'DEV', host: { name: 'pier' } } },
    ]);
  });

  it.each([
    ['JSON', '{"format": "wharfinger", "version": 1, "allocations": {}}', '"allocations" is no array'],
    ['JSON', '{"format": "wharfinger", "version": 1, "alloc', 'it breaks off in line 1'],
    ['DEVPORTS', '{"version": "1.0.0", "ports": []}', 'it looks like a file of Port Keeper, PORT_KEEPER.'],
    ['CSV', '\u0000\u0001', 'a header line that names a port and a service column'],
    ['MARKDOWN', '# Nothing', 'no Markdown table'],
  ])('refuses a file as %s that is none: %s', async (format, content, fact) => {
    expect(await importInto(harbour, { format, content })).toMatchObject({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      issues: [{ path: ['content'], message: expect.stringContaining(fact) }],
    });
  });

  it('of a file that is larger than a request may be says to send it in parts', async () => {
    const content = 'x'.repeat(largestBody);
    const query = 'mutation ($content: String!) { importRegistry(format: CSV, content: $content) { __typename } }';
    const { status, errors } = await served().post(query, { content });
    expect([status, errors?.[0]?.message]).toEqual([413, expect.stringContaining('split it')]);
  });
});
