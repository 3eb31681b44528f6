import { describe, expect, it } from 'vitest';
import { claims, exported, refusal, write } from './contents.ts';

describe('an export of Port Keeper', () => {
  const text = `{
  "version": "1.0.0",
  "exportDate": "2026-03-01T12:00:00.000Z",
  "ports": [
    { "number": 5001, "projectName": "shop", "description": null, "tags": [], "reservedAt": "2026-02-01T08:00:00.000Z" },
    { "number": 5002, "projectName": "shop-2", "description": "Port 2 of 3 for shop", "tags": ["team:blue", "web"],
      "reservedAt": "2026-02-01T08:00:00.000Z" }
  ]
}
`;

  it('is read with a project as its service', () => {
    expect(claims('port-keeper', text)).toEqual([
      [5, { port: 5_001, serviceName: 'shop', description: null }],
      [
        6,
        {
          port: 5_002,
          serviceName: 'shop-2',
          description: 'Port 2 of 3 for shop',
          metadata: { tags: ['team:blue', 'web'] },
        },
      ],
    ]);
  });

  it('is written as its import wants it, with tags for what it has no field for', () => {
    const facts = { codebaseId: 'c1', codebaseName: 'shop', worktreePath: '/src/shop', conversationId: 'issue 1' };
    const file = JSON.parse(write('port-keeper', exported(443), exported(8_000, { serviceName: 'api', ...facts })));
    expect(file).toEqual({
      version: '1.0.0',
      exportDate: '2026-03-01T12:00:00.000Z',
      ports: [
        {
          number: 443,
          projectName: 'web',
          description: null,
          tags: ['service:web', 'env:dev'],
          reservedAt: '2026-03-01T12:00:00.000Z',
        },
        {
          number: 8_000,
          projectName: 'shop',
          description: null,
          tags: ['service:api', 'env:dev', 'worktree:/src/shop', 'codebase:c1', 'conversation:issue 1'],
          reservedAt: '2026-03-01T12:00:00.000Z',
        },
      ],
    });
  });

  it('that was read is written with the project and the tags that it had', () => {
    const metadata = { project: 'till', tags: ['web', 3] };
    const { ports } = JSON.parse(write('port-keeper', exported(8_000, { metadata })));
    expect(ports).toMatchObject([{ projectName: 'till', tags: ['service:web', 'env:dev', 'web'] }]);
  });
});

describe('a ports.json of devports', () => {
  const text = `{
  "allocations": [
    { "port": 3002, "project": "shop", "service": "api", "type": "api", "allocatedAt": "2026-02-01T08:00:00.000Z" },
    { "port": 5434, "project": "till", "service": "api", "type": "postgres", "allocatedAt": "2026-02-01T08:00:00.000Z",
      "note": "for [the] demo" }
  ],
  "reservations": [
    { "port": 8080, "reason": "Common development server port", "reservedAt": "2026-02-01T08:00:00.000Z" }
  ]
}`;

  it('is read with services called after their projects, and reservations as claims', () => {
    expect(claims('devports', text)).toEqual([
      [
        3,
        {
          port: 3_002,
          serviceName: 'shop-api',
          description: undefined,
          metadata: { project: 'shop', service: 'api', type: 'api' },
        },
      ],
      [
        4,
        {
          port: 5_434,
          serviceName: 'till-api',
          description: 'for [the] demo',
          metadata: { project: 'till', service: 'api', type: 'postgres' },
        },
      ],
      [
        8,
        {
          port: 8_080,
          serviceName: 'reserved',
          description: 'Common development server port',
          metadata: { reserved: true },
        },
      ],
    ]);
  });

  it('is written as it was read', () => {
    const metadata = { project: 'shop', service: 'api', type: 'api' };
    const reserved = { serviceName: 'reserved', description: 'Mine', metadata: { reserved: true } };
    const file = write('devports', exported(3_002, { serviceName: 'shop-api', metadata }), exported(8_080, reserved));
    const allocatedAt = '2026-03-01T12:00:00.000Z';
    expect(JSON.parse(file)).toEqual({
      allocations: [{ port: 3_002, ...metadata, allocatedAt, note: '[service:shop-api env:dev]' }],
      reservations: [{ port: 8_080, reason: 'Mine', reservedAt: allocatedAt }],
    });
  });

  it('is written by its rules: no port below 1024, no name but of these letters, none twice', () => {
    const shop = { codebaseName: '.größe & co'.repeat(9) };
    const long = { serviceName: `--${'a'.repeat(40)}`, ...shop };
    const { allocations } = JSON.parse(
      write(
        'devports',
        exported(443),
        exported(8_000, long),
        exported(8_001, long),
        exported(8_002, { serviceName: '–' }),
      ),
    );
    expect(allocations.map(({ port }: { port: number }) => port)).toEqual([8_000, 8_001, 8_002]);
    for (const { project, service } of allocations) {
      expect(project).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,49}$/);
      expect(service).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,29}$/);
    }
    expect(
      new Set(allocations.map(({ project, service }: Record<string, string>) => `${project} ${service}`)).size,
    ).toBe(3);
  });
});

describe("SCAR's port-allocations.json", () => {
  const text = `{
  "allocations": {
    "3001": "scar-remote-agent",
    "3000": "main-app",
    "3000": "again"
  },
  "last_updated": "2025-12-20T10:00:00Z"
}`;

  it('is read in its order, with a port that it names twice', () => {
    expect(claims('scar-supervision', text)).toEqual([
      [3, { port: '3001', serviceName: 'scar-remote-agent' }],
      [4, { port: '3000', serviceName: 'main-app' }],
      [5, { port: '3000', serviceName: 'again' }],
    ]);
  });

  it('is written as a service for each port', () => {
    expect(JSON.parse(write('scar-supervision', exported(8_000), exported(9_000, { serviceName: 'api' })))).toEqual({
      allocations: { 8000: 'web', 9000: 'api' },
      last_updated: '2026-03-01T12:00:00.000Z',
    });
  });
});

describe('a file of another format', () => {
  const files = {
    json: write('json', exported(8_000)),
    csv: write('csv', exported(8_000)),
    markdown: write('markdown', exported(8_000)),
    'port-keeper': write('port-keeper', exported(8_000)),
    devports: write('devports', exported(8_000)),
    'scar-supervision': write('scar-supervision', exported(8_000)),
  } as const;

  it.each([
    ['devports', 'port-keeper', 'it looks like a file of Port Keeper, PORT_KEEPER.'],
    ['port-keeper', 'devports', 'it looks like a file of devports, DEVPORTS.'],
    ['devports', 'scar-supervision', "it looks like SCAR's port-allocations.json, SCAR_SUPERVISION."],
    ['scar-supervision', 'devports', 'it looks like a file of devports, DEVPORTS.'],
    ['scar-supervision', 'json', 'it looks like an export of Wharfinger, JSON.'],
    ['devports', 'json', 'it looks like an export of Wharfinger, JSON.'],
    ['json', 'devports', 'it looks like a file of devports, DEVPORTS.'],
    ['csv', 'json', 'it looks like JSON.'],
    ['csv', 'markdown', 'it looks like Markdown.'],
    ['markdown', 'json', 'It looks like JSON.'],
    ['json', 'csv', 'it is no valid JSON'],
    ['markdown', 'csv', 'It has no Markdown table with a port column and a service column (for ports port, '],
  ] as const)('given as %s, though it is %s, is refused with what it looks like', (format, actual, hint) => {
    expect(refusal(format, files[actual])).toContain(hint);
  });

  it.each(['json', 'port-keeper', 'devports', 'scar-supervision'] as const)(
    'given as %s and cut off is refused with the line where it ends',
    (format) => {
      const lines = files[format].trimEnd().split('\n').slice(0, -1);
      expect(refusal(format, lines.join('\n'))).toContain(`it breaks off in line ${lines.length}`);
    },
  );

  it('of a newer version is refused', () => {
    expect(refusal('json', '{"format": "wharfinger", "version": 2}')).toBe(
      'content: It is of version 2, and this server reads 1.',
    );
  });

  it('that breaks in the middle is refused with the line', () => {
    expect(refusal('devports', '{\n"allocations": [\n{"port" 1}]}')).toContain('it is no valid JSON, line 3: ');
  });
});
