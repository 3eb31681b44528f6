import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PortAllocation } from '../../src/client/client.ts';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { wharfside } from './wharfinger.ts';

interface Allocated {
  readonly created: boolean;
  readonly allocation: PortAllocation;
}

describe('the commands about ports', { timeout: 60_000 }, () => {
  const server = shareServer(embedded);

  it('allocate prints the port alone in a pipe, and the same one again', async () => {
    const { wharfinger } = await wharfside(server());
    const first = await wharfinger('allocate', 'web');
    expect(first).toEqual({ code: 0, signal: null, stdout: expect.stringMatching(/^8\d{3}\n$/), stderr: '' });
    expect(await wharfinger('allocate', 'web')).toEqual(first);
  });

  it('allocate finds worktree, branch and codebase with git', async () => {
    const { path, add } = await createRepository();
    const register = `mutation ($path: String!) {
      registerCodebase(input: { id: "shop", name: "shop", defaultCwd: $path }) { __typename }
    }`;
    await server().post(register, { path });
    const cart = await add('shop-cart', { branch: 'cart' });
    const { json } = await wharfside(server(), cart);
    const { allocation, created } = await json<Allocated>('allocate', 'web', 'test');
    expect(created).toBe(true);
    expect(allocation).toMatchObject({
      serviceName: 'web',
      environment: 'TEST',
      codebase: { id: 'shop' },
      worktree: { path: cart, branch: 'cart' },
    });
    const { wharfinger } = await wharfside(server());
    const elsewhere = await wharfinger('list', '--worktree', cart);
    expect(elsewhere.stdout).toContain(`${allocation.port}\tweb\ttest\t`);
  });

  it('list prints tabs and no escape codes in a pipe', async () => {
    const { path, wharfinger } = await wharfside(server());
    const { stdout: port } = await wharfinger('allocate', 'api');
    const { code, stdout, stderr } = await wharfinger('list', '--worktree');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      `port\tservice\tenvironment\tstate\towner\tbranch\thost\n${port.trim()}\tapi\tdev\tunknown\t${path}\t\tquay\n`,
    );
  });

  it('list has colours in a pipe where these are forced, and never with NO_COLOR', async () => {
    const { path, wharfinger } = await wharfside(server(), undefined, { FORCE_COLOR: '1' });
    const { stdout } = await wharfinger('check', '8999');
    expect(stdout).toContain('\x1b[');
    const plain = await wharfside(server(), path, { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect((await plain.wharfinger('check', '8999')).stdout).not.toContain('\x1b[');
  });

  it('release gives back what is its own, and is refused what is not', async () => {
    const owner = await wharfside(server());
    const stranger = await wharfside(server());
    const port = (await owner.wharfinger('allocate', 'web')).stdout.trim();
    const refused = await stranger.wharfinger('release', port);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(owner.path);
    expect(refused.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(await stranger.json('release', port)).toMatchObject({
      __typename: 'NotOwner',
      holder: { serviceName: 'web' },
    });
    const released = await owner.wharfinger('release', port);
    expect(released).toMatchObject({ code: 0, stderr: '' });
    expect(released.stdout).toContain(`Port ${port} is released.`);
  });

  it('check says who holds a port', async () => {
    const { path, wharfinger, json } = await wharfside(server());
    const port = (await wharfinger('allocate', 'web')).stdout.trim();
    const { code, stdout } = await wharfinger('check', port);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^yours: /);
    expect(stdout).toContain(path);
    const elsewhere = await wharfside(server());
    expect((await elsewhere.wharfinger('check', port)).stdout).toMatch(/^not available: .* Free instead: /);
    expect(await json('check', port)).toMatchObject({ port: Number(port), isOwn: true, reasons: ['ALLOCATED'] });
  });

  it('register claims a known port, and transfer hands it over', async () => {
    const { wharfinger, json } = await wharfside(server());
    const registered = await wharfinger('register', 'nginx', '443', '--conversation', 'c1');
    expect(registered).toMatchObject({ code: 0, stdout: '443\n' });
    const handed = await json('transfer', '443', 'to', 'c2', '--conversation', 'c1');
    expect(handed).toMatchObject({ allocations: [{ port: 443, conversationId: 'c2' }] });
    expect(await wharfinger('transfer', '443', 'to', 'c3', '--conversation', 'c1')).toMatchObject({ code: 1 });
  });

  it('transfer takes a worktree relative to the directory', async () => {
    const { path, wharfinger, json } = await wharfside(server());
    const port = (await wharfinger('allocate', 'web')).stdout.trim();
    const handed = await json('transfer', port, '--to-worktree', 'next');
    expect(handed).toMatchObject({ allocations: [{ worktree: { path: join(path, 'next') } }] });
  });

  it('config prints the file alone', async () => {
    const { wharfinger, json } = await wharfside(server());
    const port = (await wharfinger('allocate', 'web')).stdout.trim();
    const { code, stdout, stderr } = await wharfinger('config', 'web');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`\nPORT=${port}\n`);
    expect(await json('config', 'web', '--format', 'vite')).toMatchObject({
      format: 'VITE',
      filename: 'vite.config.ts',
    });
  });

  it('export and import are each other’s counterpart', async () => {
    const { path, wharfinger, json } = await wharfside(server());
    await wharfinger('register', 'mail', '25', 'production', '--conversation', 'mail');
    const exported = await wharfinger('export', '--format', 'csv', '--environment', 'production');
    expect(exported.code).toBe(0);
    expect(exported.stdout).toContain('mail');
    await writeFile(join(path, 'ports.csv'), exported.stdout);
    const again = await json('import', 'ports.csv', '--dry-run');
    expect(again).toMatchObject({ __typename: 'ImportReport', dryRun: true, created: 0, conflicting: 0 });

    await writeFile(join(path, 'ports.md'), '| port | service |\n| --- | --- |\n| 25 | other |\n| 26 | news |\n');
    const mixed = await wharfinger('import', 'ports.md');
    expect(mixed).toMatchObject({ code: 1, stderr: '' });
    expect(mixed.stdout).toMatch(/^3\t25\tother\tconflict\t.*$/m);
    expect(mixed.stdout).toMatch(/^4\t26\tnews\tcreated\t.*$/m);
    expect(await wharfinger('import', 'missing.md')).toMatchObject({
      code: 2,
      stderr: 'wharfinger: There is no file missing.md.\n',
    });
  });
});
