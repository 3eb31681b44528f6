import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { loadEnv } from 'vite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConfigFormat, renderConfig } from '../../src/templates/render-config.ts';
import type { Service } from '../../src/templates/service.ts';
import { freeSpace } from '../support/free-space.ts';
import { project, runUntil } from './project.ts';
import { service } from './services.ts';

/** Two services on ports that are free. */
async function twoServices(): Promise<{ services: Service[]; web: number; api: number }> {
  const { start: web } = await freeSpace();
  return { services: [service('web', web), service('api', web + 1)], web, api: web + 1 };
}

const fileOf = (services: readonly Service[], format: ConfigFormat, wanted: string | null = null) => {
  const { filename, content } = renderConfig(services, format, wanted);
  return { [filename]: content };
};

/** Answers with the path that it was asked for. */
async function echoOn(port: number): Promise<void> {
  const server = createServer((request, response) => response.end(`echo ${request.url}`));
  await new Promise<void>((listening) => server.listen(port, 'localhost', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

const textAt = async (url: string) => (await fetch(url)).text();
const services = [service('web', 8001), service('api', 8002)];

describe('what is generated, given to the real tool', () => {
  it.each(['sh', 'bash'])('is sourced by %s', async (shell) => {
    const cwd = await project({ ...fileOf(services, 'SHELL', 'api'), ...fileOf(services, 'DOTENV', 'api') });
    const show = '; printf "%s " "$PORT" "$WEB_PORT" "$API_URL" "$CORS_ORIGINS"';
    for (const source of ['. ./ports.sh', 'set -a; . ./.env.local']) {
      const { stdout, stderr } = spawnSync(shell, ['-c', source + show], {
        cwd,
        env: {},
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'], // bash would take a socket for a remote login, and read its start-up files
      });
      expect([stderr, stdout]).toEqual([
        '',
        '8002 8001 http://localhost:8002 http://localhost:8002,http://localhost:8001 ',
      ]);
    }
  });

  it('is an environment file of Node', async () => {
    const cwd = await project(fileOf(services, 'DOTENV', 'web'));
    const show = 'const { PORT, WEB_URL, API_PORT } = process.env; console.log(PORT, WEB_URL, API_PORT)';
    const said = await runUntil(/\n/, ['--env-file=.env.local', '-e', show], { cwd });
    expect(said).toBe('8001 http://localhost:8001 8002\n');
  });

  it('is a server of Express that listens on its port, or on PORT, and takes calls from the pages of the others', async () => {
    const { services, web, api } = await twoServices();
    const cwd = await project(fileOf(services, 'EXPRESS'), ['express']);
    expect(await runUntil(/port \d+\n/, ['server.mjs'], { cwd })).toBe(`Listening on port ${api}\n`);
    const preflight = { 'Access-Control-Request-Method': 'PUT' };
    const allowedFrom = async (origin: string, method: string) => {
      const response = await fetch(`http://localhost:${api}/`, { method, headers: { origin, ...preflight } });
      return [response.status, response.headers.get('access-control-allow-origin')];
    };
    expect(await allowedFrom(`http://localhost:${web}`, 'OPTIONS')).toEqual([204, `http://localhost:${web}`]);
    expect(await allowedFrom(`http://localhost:${web}`, 'GET')).toEqual([404, `http://localhost:${web}`]);
    expect(await allowedFrom('http://example.com', 'OPTIONS')).toEqual([204, null]);

    await expect(runUntil(/port \d+\n/, ['server.mjs'], { cwd })).rejects.toThrow(/ended with 1: .*EADDRINUSE/s);
    const other = { cwd, env: { PORT: String(api + 1) } };
    expect(await runUntil(/port \d+\n/, ['server.mjs'], other)).toBe(`Listening on port ${api + 1}\n`);
  });

  it('makes Vite listen on its port and no other, and pass on what is for the others', async () => {
    const { services, web, api } = await twoServices();
    const page = { 'index.html': '<h1>harbour</h1>', 'src/main.ts': 'export const answer = 42;' };
    const cwd = await project({ ...fileOf(services, 'VITE'), ...page }, ['vite']);
    const vite = join(cwd, 'node_modules/vite/bin/vite.js');
    await echoOn(api);

    expect(await runUntil(/Local: .*\n/, [vite], { cwd })).toContain(`http://localhost:${web}/`);
    expect(await textAt(`http://localhost:${web}/`)).toContain('harbour');
    expect(await textAt(`http://localhost:${web}/api/carts?full=1`)).toBe('echo /api/carts?full=1');
    expect(await textAt(`http://localhost:${web}/apiary`)).toContain('harbour');
    expect(await textAt(`http://localhost:${web}/src/main.ts`)).toContain('answer');
    const fromApi = await fetch(`http://localhost:${web}/`, { headers: { origin: `http://localhost:${api}` } });
    expect(fromApi.headers.get('access-control-allow-origin')).toBe(`http://localhost:${api}`);
    await expect(runUntil(/Local: .*\n/, [vite], { cwd })).rejects.toThrow(`Port ${web} is already in use`);
  });

  it('makes the preview of Vite listen on its port', async () => {
    const { services, web } = await twoServices();
    const page = { 'index.html': '<h1>harbour</h1>' };
    const cwd = await project({ ...fileOf(services, 'VITE'), ...page }, ['vite']);
    const vite = join(cwd, 'node_modules/vite/bin/vite.js');
    await runUntil(/built in/, [vite, 'build'], { cwd });
    expect(await runUntil(/Local: .*\n/, [vite, 'preview'], { cwd })).toContain(`http://localhost:${web}/`);
    expect(await textAt(`http://localhost:${web}/`)).toContain('harbour');
  });

  it('has a URL for a page that Vite makes, by a line of .env that all worktrees share', async () => {
    const cwd = await project({ ...fileOf(services, 'DOTENV'), '.env': 'VITE_API_URL=$API_URL\n' });
    expect(loadEnv('development', cwd)).toMatchObject({ VITE_API_URL: 'http://localhost:8002' });
  });

  it('is a package whose scripts give Next.js the port', async () => {
    const inPlaceOfNext = { 'node_modules/.bin/next': '#!/bin/sh\necho "next $*"\n' };
    const cwd = await project({ ...fileOf(services, 'NEXT'), ...inPlaceOfNext });
    for (const script of ['dev', 'start']) {
      const { stdout } = spawnSync('npm', ['run', '--silent', script], { cwd, encoding: 'utf8' });
      expect(stdout).toBe(`next ${script} -p 8001\n`);
    }
  });

  const compose = spawnSync('docker', ['compose', 'version']);
  it.skipIf(compose.status !== 0)(
    'is an override that docker compose takes, where there is docker compose',
    async () => {
      const base = 'services:\n  web:\n    image: web\n  api:\n    image: api\n';
      const cwd = await project({ ...fileOf(services, 'DOCKER_COMPOSE'), 'compose.yaml': base });
      const env = { PATH: process.env.PATH, HOME: cwd, API_PORT: '8123' };
      const { stdout } = spawnSync('docker', ['compose', 'config', '--format', 'json'], { cwd, encoding: 'utf8', env });
      const { web, api } = JSON.parse(stdout).services;
      expect(web.ports).toMatchObject([{ host_ip: '127.0.0.1', published: '8001', target: 8001 }]);
      expect(api.ports).toMatchObject([{ host_ip: '127.0.0.1', published: '8123', target: 8002 }]);
      expect(web.environment).toMatchObject({ PORT: '8001', API_URL: 'http://api:8002' });
      expect(web.environment.CORS_ORIGINS).toBe('http://localhost:8123,http://localhost:8001');
    },
  );
});
