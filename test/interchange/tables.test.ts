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

  it.each([
    ['in a fence inside of another', ['````', '```', '| Port | Service |', '|---|---|', '| 1 | a |', '```', '````']],
    ['in an indented block', ['    | Port | Service |', '    |---|---|', '    | 1 | a |']],
    ['in a comment', ['<!--', '| Port | Service |', '|---|---|', '| 1 | a |', '-->']],
  ])('is not read where a table is %s', (_where, lines) => {
    const table = ['', '| Port | Service |', '|---|---|', '| 8000 | web |'];
    expect(claims('markdown', [...lines, ...table].join('\n'))).toMatchObject([
      [lines.length + 4, { port: '8000', serviceName: 'web' }],
    ]);
    expect(refusal('markdown', lines.join('\n'))).toContain('no Markdown table');
  });

  it('is read where a table is in a list or a quotation', () => {
    const text = '- | Port | Service |\n  |---|---|\n  | 1 | a |\n\n> Ports | Name\n> ---|---\n> 2 | b\n';
    expect(claims('markdown', text)).toEqual([
      [3, { port: '1', serviceName: 'a' }],
      [7, { port: '2', serviceName: 'b' }],
    ]);
  });

  it.each([
    ['**[nginx](https://x)**', 'nginx'],
    ['[nginx][1]', 'nginx'],
    ['nginx[^1]', 'nginx'],
    ['~~old~~', 'old'],
    ['a &amp; b &gt; c', 'a & b > c'],
    ['`a_b_c`', 'a_b_c'],
    ['`a \\| b`', 'a | b'],
    ['<b>web</b><br/>2', 'web\n2'],
    ['![the web](x.png)', 'the web'],
    ['\\*a\\* \\[^1]', '*a* [^1]'],
    ['web<!-- sic -->', 'web'],
    ['[a', '[a'],
  ])('has cells that are read as they are shown: %s', (cell, serviceName) => {
    const notes = '\n\n[^1]: deprecated\n[1]: https://x\n';
    expect(claims('markdown', `| Port | Service |\n|---|---|\n| 1 | ${cell} |${notes}`)).toEqual([
      [3, { port: '1', serviceName }],
    ]);
  });

  it('has lines in its tables that are no rows, beside ports that are mistyped', () => {
    const rows = [
      '|  |  |',
      '| | **Databases** |',
      '| 5432 | postgres |',
      '| 80o0 | web |',
      '| TBD | mail |',
      '| **Total** | 6 |',
      '| 6 | **Total** |',
      'Port 9000 is free.',
    ];
    expect(claims('markdown', ['| Port | Service |', '|---|---|', ...rows].join('\n'))).toEqual([
      [5, { port: '5432', serviceName: 'postgres' }],
      [6, { port: '80o0', serviceName: 'web' }],
    ]);
  });

  it('has a service called Total where it says what that is for', () => {
    const total = exported(8_000, { serviceName: 'Total' });
    expect(claims('markdown', write('markdown', total))).toMatchObject([[5, { serviceName: 'Total' }]]);
  });

  it('keeps the markup of a cell that is longer than any text here', () => {
    const cell = '![['.repeat(10_000);
    expect(claims('markdown', `| Port | Service |\n|---|---|\n| 1 | ${cell} |`)).toEqual([
      [3, { port: '1', serviceName: cell }],
    ]);
  });

  it('is refused where it has more tables than can be read', () => {
    const text = '| a | b |\n'.repeat(20_001);
    expect(refusal('markdown', text)).toBe('content: It has more than 10000 rows: import it in parts.');
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

  it('is refused without a header, and says what one is', () => {
    const message = refusal('csv', '8000,web\n');
    expect(message).toContain('a header line that names a port and a service column');
    expect(message).toContain('line 1 has no such two (for ports port, ports, portnumber, hostport, ');
    expect(refusal('markdown', '# Ports')).toContain('for services service, services, servicename, name, ');
  });

  it.each(['Port', 'ports', 'External Port', 'host_port', 'Published port'])('has ports in a column %s', (heading) => {
    expect(claims('csv', `${heading},Service\n8000,web`)).toEqual([[2, { port: '8000', serviceName: 'web' }]]);
  });

  it('says in its first line what separates it, where Excel wrote it', () => {
    for (const separator of [';', ',', '\t', '|']) {
      const text = `\uFEFFsep=${separator}\r\nport${separator}service\r\n8000${separator}web\r\n`;
      expect(claims('csv', text)).toEqual([[3, { port: '8000', serviceName: 'web' }]]);
    }
  });

  it('is separated by what makes columns of its first line, whatever else is there more often', () => {
    expect(claims('csv', 'port,service,description;with;semis;and;more\n8000,web,x')).toEqual([
      [2, { port: '8000', serviceName: 'web' }],
    ]);
  });

  it('is read without the empty rows with which a spreadsheet ends', () => {
    expect(claims('csv', 'port;service;notes\n8000;web;\n;;;\n;;a note\n;api;\n')).toEqual([
      [2, { port: '8000', serviceName: 'web' }],
      [5, { serviceName: 'api' }],
    ]);
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
