import { describe, expect, it } from 'vitest';
import { largestBody } from '../../src/server/guards.ts';
import { postgresql } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';
import { importInto } from './import-into.ts';

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
      [15, 8_001, 'INVALID', 'serviceName: It contains U+0000, which cannot be printed: remove it.'],
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
      { port: 8_200, outcome: 'INVALID', message: expect.stringContaining('lies in the dev range') },
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
