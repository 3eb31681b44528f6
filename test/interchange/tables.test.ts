import { describe, expect, it } from 'vitest';
import { claims, exported, refusal, write } from './contents.ts';

describe('a Markdown document', () => {
  it('is read by its tables of ports and services, in whatever order and among other columns', () => {
    const text = [
      '# Production ports',
      '',
      'All | of them.',
      '',
      '| Owner | Service    | Port   | Notes            |',
      '|-------|:-----------|-------:|------------------|',
      '| ann   | **nginx**  | `443`  | [TLS](https://x) |',
      '| bob   | a \\| b     | 9001   |                  |',
      '',
      '```',
      '| Port | Service |',
      '|---|---|',
      '| 1 | no table |',
      '```',
      'Port | Name',
      '---|---',
      '9002 | my_service_1',
      'The end.',
      '| Colour | Shade |',
      '|---|---|',
      '| red | 1 |',
    ];
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      expect(claims('markdown', text.join(lineBreak))).toEqual([
        [7, { port: '443', serviceName: 'nginx', description: 'TLS' }],
        [8, { port: '9001', serviceName: 'a | b' }],
        [17, { port: '9002', serviceName: 'my_service_1' }],
      ]);
    }
  });

  it('is written as a table', () => {
    const allocation = exported(8_000, {
      serviceName: 'my_web',
      description: 'a|b\n*c*',
      publicHostnames: ['a.b', 'c.d'],
    });
    expect(write('markdown', allocation)).toBe(`# Ports

| Port | Service | Environment | Host | Worktree | Codebase | Conversation | Description | Public hostnames |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 8000 | my\\_web | dev | quay |  |  |  | a\\|b<br>\\*c\\* | a.b c.d |
`);
  });
});

describe('a CSV file', () => {
  it.each([
    ['commas', ',', '\n'],
    ['semicolons, as a spreadsheet in Europe writes them', ';', '\r\n'],
    ['tabs', '\t', '\n'],
  ])('is read with %s', (_what, delimiter, lineBreak) => {
    const rows = [
      ['Service Name', 'owner', 'PORT', 'Env'],
      [],
      ['web', 'ann', '8000', 'dev'],
      ['"a ""b""\r\nc"', '', '8001'],
      ['api', '', '8002', '', 'too', 'many'],
    ];
    const text = `\uFEFF${rows.map((row) => row.join(delimiter)).join(lineBreak)}`;
    expect(claims('csv', text)).toEqual([
      [3, { port: '8000', serviceName: 'web', environment: 'dev' }],
      [4, { port: '8001', serviceName: 'a "b"\r\nc' }],
      [6, { port: '8002', serviceName: 'api' }],
    ]);
  });

  it('is refused where a quote is not closed, with the line', () => {
    expect(refusal('csv', 'port,service\n8000,web\n8001,"api\n')).toMatch(/not CSV .* line 3/);
    expect(refusal('csv', 'port,service\n8000,we"b\n')).toMatch(/not CSV .* line 2/);
  });

  it('is refused without a header', () => {
    expect(refusal('csv', '8000,web\n')).toContain('a header line that names a port and a service column');
  });

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'has a quote before what a spreadsheet would run: %j',
    (description) => {
      const text = write('csv', exported(8_000, { description }));
      expect(text).toMatch(/,"?'[=+\-@\t\r＝]/);
      expect(claims('csv', text)).toMatchObject([[2, { description }]]);
    },
  );

  it.each(["'", "'=1", "''=1", "'a"])('keeps the quotes that a text has: %j', (description) => {
    expect(claims('csv', write('csv', exported(8_000, { description })))).toMatchObject([[2, { description }]]);
  });
});
