import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { renderConfig } from '../src/templates/render-config.ts';
import type { Service } from '../src/templates/service.ts';

/** The first page of a development server has to be built. */
const patienceMs = 120_000;

/**
 * Whether the newest Next.js listens on the port that its generated configuration says: `npx tsx bench/next.ts`. Not a
 * test, since it installs Next.js, from the npm registry, into a temporary directory.
 */
const directory = await mkdtemp(join(tmpdir(), 'wharfinger-next-'));
try {
  const port = await freePort();
  const { version } = await makeApp(directory, port);
  await serves(directory, port, ['npm', 'run', 'dev']);
  console.log(`Next.js ${version}: the script dev listens on ${port}`);
  await run(directory, ['npx', 'next', 'build']);
  await serves(directory, port, ['npm', 'run', 'start']);
  console.log(`Next.js ${version}: the script start listens on ${port}`);
  await serves(directory, port, ['sh', '-c', '. ./ports.sh && exec npx next dev']);
  console.log(`Next.js ${version}: next dev listens on PORT of ports.sh, ${port}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function makeApp(cwd: string, port: number): Promise<{ readonly version: string }> {
  const url = `http://localhost:${port}`;
  const facts = { serviceName: 'web', environment: 'dev', host: 'quay', description: null } as const;
  const services: readonly Service[] = [
    { ...facts, port, url, worktreePath: cwd, isPrimary: false, isPlaceholder: false },
  ];
  const fragment = JSON.parse(renderConfig(services, 'NEXT', null).content) as object; // it is JSON
  const dependencies = { next: 'latest', react: 'latest', 'react-dom': 'latest' };
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ private: true, ...fragment, dependencies }));
  await writeFile(join(cwd, 'ports.sh'), renderConfig(services, 'SHELL', null).content);
  await mkdir(join(cwd, 'app'));
  await writeFile(join(cwd, 'app/page.js'), 'export default () => <p>harbour</p>;\n');
  await writeFile(
    join(cwd, 'app/layout.js'),
    'export default ({ children }) => <html><body>{children}</body></html>;\n',
  );
  await run(cwd, ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error']);
  const { default: installed } = await import(join(cwd, 'node_modules/next/package.json'), { with: { type: 'json' } });
  return installed;
}

async function run(cwd: string, [program = '', ...parameters]: readonly string[]): Promise<void> {
  const [code] = await once(spawn(program, parameters, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
  if (code !== 0) throw new Error(`${program} ${parameters.join(' ')} ended with code ${code}.`);
}

/** Runs a server until its page is there, then ends it and all that it started. */
async function serves(cwd: string, port: number, [program = '', ...parameters]: readonly string[]): Promise<void> {
  const child = spawn(program, parameters, { cwd, stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  const ended = once(child, 'close');
  try {
    await pageAt(`http://localhost:${port}/`, () => child.exitCode !== null);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL'); // its group
    await ended;
  }
}

async function pageAt(url: string, hasEnded: () => boolean): Promise<void> {
  for (const start = performance.now(); performance.now() - start < patienceMs; await delay(250)) {
    if (hasEnded()) throw new Error('The server ended.');
    const page = await fetch(url)
      .then((response) => response.text())
      .catch(() => '');
    if (page.includes('harbour')) return;
  }
  throw new Error(`There is no page at ${url}.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('It listens on TCP.');
  return address.port;
}
