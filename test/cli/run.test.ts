import { realpath, symlink, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeenListener } from '../../src/domain/observation.ts';
import { embedded } from '../support/databases.ts';
import { listener, listeningOn, openRegistry, seeing } from '../support/registry.ts';
import { shareServer, startServer } from '../support/server.ts';
import { spawnCommand } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { wharfside } from './wharfinger.ts';

const tellEnvironment = 'console.log(JSON.stringify(process.env))';

describe('run', { timeout: 60_000 }, () => {
  const server = shareServer(embedded);

  const runNode = async (services: readonly string[], script: string, env: Readonly<Record<string, string>> = {}) => {
    const { wharfinger, path } = await wharfside(server(), undefined, env);
    const exit = await wharfinger('run', ...services, '--', process.execPath, '-e', script);
    return { ...exit, path };
  };

  it('gives the command the ports and URLs of its services, the first one as PORT', async () => {
    const { code, stdout, stderr } = await runNode(['web', 'api-server'], tellEnvironment);
    expect([code, stderr]).toEqual([0, '']);
    const { PORT, WEB_PORT, WEB_URL, API_SERVER_PORT, API_SERVER_URL } = JSON.parse(stdout);
    expect(PORT).toMatch(/^8\d{3}$/);
    expect([WEB_PORT, WEB_URL]).toEqual([PORT, expect.stringContaining(`:${PORT}`)]);
    expect(API_SERVER_PORT).not.toBe(PORT);
    expect(API_SERVER_URL).toContain(`:${API_SERVER_PORT}`);
  });

  it('without services gives it what the worktree holds, else a port of its own', async () => {
    const { path, stdout } = await runNode([], tellEnvironment);
    const { PORT } = JSON.parse(stdout);
    expect(PORT).toMatch(/^8\d{3}$/);
    const { wharfinger } = await wharfside(server(), path);
    const again = await wharfinger('run', '--', process.execPath, '-p', 'process.env.PORT');
    expect(again.stdout).toBe(`${PORT}\n`);
  });

  it('leaves the flags of the command to the command', async () => {
    const { wharfinger } = await wharfside(server());
    const script = 'console.log(process.argv.slice(1).join())';
    const args = ['--host', 'x', '--', '-h', '--json'];
    const { stdout } = await wharfinger(
      'run',
      'web',
      '--conversation',
      'c',
      '--',
      process.execPath,
      '-e',
      script,
      '--',
      ...args,
    );
    expect(stdout).toBe(`${args.join()}\n`);
  });

  it('has an npm script that starts Vite listen on the port, though Vite does not read PORT', async () => {
    const directory = await realpath(await temporaryDirectory());
    await symlink(resolve(import.meta.dirname, '../../node_modules'), join(directory, 'node_modules'));
    await writeFile(join(directory, 'package.json'), '{ "scripts": { "dev": "vite --host 127.0.0.1" } }');
    const { json } = await wharfside(server(), directory);
    const { allocation } = await json<{ allocation: { port: number } }>('allocate', 'web');
    const command = spawnCommand(
      ['run', 'web', '--', 'npm', 'run', 'dev'],
      { WHARFINGER_URL: server().url },
      directory,
    );
    await command.printed(/ready in/);
    expect((await fetch(`http://127.0.0.1:${allocation.port}/@vite/client`)).status).toBe(200);
    command.kill('SIGTERM');
    const { stderr } = await command.exited;
    expect(stderr).toContain(`vite does not read PORT, and is given --port ${allocation.port} --strictPort.`);
  });

  it('says so where something listens on its port already', async () => {
    const found: SeenListener[] = [];
    const taken = new Set<number>();
    const database = await embedded.open();
    const registry = openRegistry(database, { observer: seeing(found), probePort: listeningOn(taken) });
    const watched = await startServer({ database, registry });
    const { wharfinger } = await wharfside(watched);
    const port = Number((await wharfinger('allocate', 'web')).stdout);
    taken.add(port);
    found.push(listener(port, { name: 'python3', workingDirectory: '/srv' }));
    const { code, stderr } = await wharfinger('run', 'web', '--', process.execPath, '-e', '0');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      new RegExp(`^wharfinger: web: python3 .* in /srv listens on ${port}. If that is not your service,`),
    );
  });

  it('ends with the exit code of the command', async () => {
    expect(await runNode(['web'], 'process.exit(42)')).toMatchObject({ code: 42, signal: null });
  });

  it('ends with 128 and the signal that ended the command', async () => {
    const { code } = await runNode(['web'], "process.kill(process.pid, 'SIGKILL')");
    expect(code).toBe(128 + constants.signals.SIGKILL);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on and waits for the end', async (signal) => {
    const script = `process.on('${signal}', () => { console.log('${signal} came'); process.exit(7); });
      setInterval(() => {}, 1000); console.log('{"ready":true}');`;
    const directory = await realpath(await temporaryDirectory());
    const args = ['run', 'web', '--', process.execPath, '-e', script];
    const command = spawnCommand(args, { WHARFINGER_URL: server().url }, directory);
    await command.logged(({ ready }) => ready === true);
    command.kill(signal);
    expect(await command.exited).toMatchObject({ code: 7, stdout: expect.stringContaining(`${signal} came`) });
  });

  it.each([
    ['there is none of the name', ['no-such-program'], 127],
    ['it is no program', [join(import.meta.dirname, 'run.test.ts')], 126],
    ['none is named', [], 2],
    ['its name is empty', [''], 2],
  ])('says so where %s', async (_why, program, code) => {
    const { wharfinger } = await wharfside(server());
    const exit = await wharfinger('run', 'web', '--', ...program);
    expect(exit).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^wharfinger: .*\n$/) });
  });

  it('runs nothing where the ports are not to be had', async () => {
    const { wharfinger } = await wharfside({ url: 'http://127.0.0.1:1/graphql' });
    const { code, stdout, stderr } = await wharfinger('run', '--', process.execPath, '-p', '1');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('wharfinger serve');
  });

  it('runs the command as it is where port management is switched off', async () => {
    const { code, stdout, stderr } = await runNode(['web'], 'console.log(process.env.WEB_PORT)', {
      ENABLE_PORT_MANAGEMENT: 'false',
    });
    expect([code, stdout]).toEqual([0, 'undefined\n']);
    expect(stderr).toContain('ENABLE_PORT_MANAGEMENT=false');
  });
});
