import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImportReport } from '../../src/client/client.ts';
import { embedded } from '../support/databases.ts';
import { shareServer, startServer } from '../support/server.ts';
import { program } from '../support/spawned-server.ts';
import { wharfside } from './wharfinger.ts';

const uuid = (kind: number, number: number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const at = '2026-02-01T08:00:00.000Z';
const count = 2_000;
const worktrees = 40;

/** An export of more than a request takes, in lines as an export has them: history first, then by port. */
function largeExport(): string {
  const rowsOf = (length: number, row: (index: number) => object) =>
    Array.from({ length }, (_, index) => `    ${JSON.stringify(row(index))}`).join(',\n');
  const padded = (index: number) => String(index).padStart(4, '0');
  const claim = (index: number, port: number, status: object) => ({
    id: uuid(2, index),
    host: 'quay',
    port,
    serviceName: `service "${index}"`,
    environment: 'dev',
    ...status,
    worktreePath: `/src/shop-${padded(index % worktrees)}`,
    codebaseId: `shop-${index % 2}`,
    metadata: { path: 'C:\\src\\"shop"'.repeat(8) },
    allocatedAt: at,
  });
  return `{
  "format": "wharfinger",
  "version": 1,
  "exportedAt": "${at}",
  "hosts": [
    {"name":"quay"}
  ],
  "codebases": [
${rowsOf(2, (index) => ({ id: `shop-${index}`, name: `shop-${index}`, servicePorts: {}, createdAt: at }))}
  ],
  "worktrees": [
${rowsOf(worktrees, (index) => ({ id: uuid(1, index), host: 'quay', path: `/src/shop-${padded(index)}`, codebaseId: `shop-${index % 2}`, registeredAt: at }))}
  ],
  "allocations": [
${rowsOf(100, (index) => ({ ...claim(index, 10_000 + index, { status: 'released' }), releasedAt: at }))},
${rowsOf(count, (index) => claim(100 + index, 10_000 + index, { status: 'allocated' }))}
  ]
}
`;
}

/** Passes so many requests on to a server, then breaks the connection. */
async function proxyTo(url: string, most: number): Promise<{ readonly url: string }> {
  let passed = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (passed++ >= most) return void request.socket.destroy();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body });
    response.writeHead(answer.status, headers).end(await answer.text());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}/graphql` };
}

const lineOf = (content: string, part: string) => content.slice(0, content.indexOf(part)).split('\n').length;

describe('import of a file that no request takes', { timeout: 120_000 }, () => {
  it('says what would be done, goes on where it was interrupted, and leaves the registry that was exported', async () => {
    const server = await startServer({ database: await embedded.open() });
    const { path, json, wharfinger } = await wharfside(server);
    const content = largeExport();
    await writeFile(join(path, 'large.json'), content);
    const total = 2 + worktrees + 100 + count;

    const dry = await json<ImportReport>('import', 'large.json', '--dry-run');
    expect(dry).toMatchObject({ __typename: 'ImportReport', dryRun: true, applied: false, created: total });
    expect((await wharfinger('import', 'large.json', '--atomic')).stderr).toMatch(/It takes \d requests .* leave out/);

    const broken = await wharfside(await proxyTo(server.url, 1), path);
    const interrupted = await broken.wharfinger('import', 'large.json');
    expect(interrupted).toMatchObject({ code: 3, stdout: '' });
    expect(interrupted.stderr).toMatch(/stopped at part 2 of \d; .* Import the file again.*\n.*No registry answers/);
    const [, anew] = /, (\d+) rows of it anew/.exec(interrupted.stderr) ?? [];
    expect(Number(anew)).toBeGreaterThan(1_000);

    const report = await json<ImportReport>('import', 'large.json');
    expect(report).toMatchObject({ applied: true, conflicting: 0, invalid: 0, unchanged: Number(anew) });
    expect(report.created).toBe(total - Number(anew));
    expect(report.rows.map(({ line, port }) => [line, port])).toEqual(dry.rows.map(({ line, port }) => [line, port]));
    expect(report.rows.at(-1)).toMatchObject({ line: lineOf(content, uuid(2, count + 99)), port: 9_999 + count });

    const exported = await json<{ content: string }>('export');
    const comparable = (file: string) => file.replace(/"exportedAt": ".*"|\{"name":"quay".*\}/g, '');
    expect(comparable(exported.content)).toBe(comparable(content));
  });
});

describe('import', { timeout: 60_000 }, () => {
  const server = shareServer(embedded);

  it('splits a table, whose rows keep their lines', async () => {
    const { path, json } = await wharfside(server());
    const note = `"${'"" \\ größe\n'.repeat(70)}"`;
    const rows = Array.from({ length: 1_200 }, (_, index) => `${20_000 + index},web,${note}`);
    const content = ['port,service,notes', ...rows, '70000,web,', '20000,api,'].join('\n');
    await writeFile(join(path, 'notes.csv'), content);
    const report = await json<ImportReport>('import', 'notes.csv', '--dry-run', '--host', 'pier');
    expect(report).toMatchObject({ created: 1_200, conflicting: 1, invalid: 1 });
    const last = content.split('\n').length;
    expect(report.rows.slice(-3).map(({ line, outcome }) => [line, outcome])).toEqual([
      [last - 72, 'CREATED'],
      [last - 1, 'INVALID'],
      [last, 'CONFLICT'],
    ]);
  });

  it.each([
    ['cut off', '{"format": "wharfinger",\n"version": 1,\n"alloc', [], 1, 'it breaks off in line 3'],
    ['broken', '{"allocations": {"8000" "web"}}', [], 1, 'it is no valid JSON'],
    ['of another format', '{"ports": []}', ['--format', 'devports'], 1, 'it looks like a file of Port Keeper'],
    ['none of the formats', '\x7fELF\0\0', [], 1, 'It is not CSV with a header line'],
    ['empty', ' \n', [], 2, 'file.json is empty'],
  ])('refuses a file that is %s', async (_what, content, flags, code, fact) => {
    const { path, wharfinger } = await wharfside(server());
    await writeFile(join(path, 'file.json'), content);
    const exit = await wharfinger('import', 'file.json', ...flags);
    expect(exit).toMatchObject({ code, stdout: '' });
    expect(exit.stderr).toMatch(/^wharfinger: [^\n]*\n$/);
    expect(exit.stderr).toContain(fact);
  });

  it('refuses a file of 50 MB and a directory', async () => {
    const { path, wharfinger } = await wharfside(server());
    await writeFile(join(path, 'huge.csv'), 'port,service\n');
    await truncate(join(path, 'huge.csv'), 50_000_000);
    const [huge, directory] = await Promise.all([wharfinger('import', 'huge.csv'), wharfinger('import', '.')]);
    expect(huge).toMatchObject({ code: 2, stdout: '' });
    expect(huge.stderr).toMatch(/^wharfinger: huge.csv is larger than 32 MiB, .* cut it .*\n$/);
    expect(directory).toMatchObject({ code: 2, stderr: 'wharfinger: . cannot be read (EISDIR).\n' });
  });

  it('refuses standard input that does not end', async () => {
    const child = spawn(process.execPath, [...program(), 'import', '-'], {
      env: { ...process.env, WHARFINGER_URL: server().url },
    });
    onTestFinished(() => void child.kill());
    child.stdin.on('error', () => {}); // it is closed while it is written to
    const chunk = 'port,service\n'.repeat(5_000);
    const write = () => {
      while (child.stdin.write(chunk));
    };
    child.stdin.on('drain', write);
    write();
    const stderr = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([2, null]);
    expect(await stderr).toMatch(/^wharfinger: Standard input is larger than 32 MiB, .*\n$/);
  });
});
