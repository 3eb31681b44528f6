import { once } from 'node:events';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { spawnCommand } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Created, openShop, unreachable } from './shop.ts';
import { wharfside } from './wharfinger.ts';

const server = shareServer(embedded);
const shop = (options?: Parameters<typeof openShop>[1]) => openShop(server(), options);

describe('worktree create', { timeout: 60_000 }, () => {
  it('makes a worktree beside the main one with its port, and writes that down', async () => {
    const { path, wharfinger, branches, heldBy } = await shop();
    const { code, stdout } = await wharfinger('worktree', 'create', 'feature/cart');
    const cart = `${path}-feature-cart`;
    expect([code, stdout]).toEqual([0, `${cart}\n`]);
    expect(await branches()).toContain('feature/cart');
    const [[port] = []] = await heldBy(cart);
    expect(await readFile(join(cart, '.env.local'), 'utf8')).toContain(`\nPORT=${port}\n`);
  });

  it('gives each service a port, and tells all of it as JSON', async () => {
    const { path, create } = await shop();
    const created = await create('cart', 'web', 'api');
    expect(created).toEqual({
      path: `${path}-cart`,
      branch: 'cart',
      created: true,
      allocations: [expect.objectContaining({ serviceName: 'web' }), expect.objectContaining({ serviceName: 'api' })],
      written: { path: `${path}-cart/.env.local`, changed: true },
      notes: [expect.stringContaining('.env.local')],
    });
  });

  it('answers the same when it is asked again, and at once', async () => {
    const { create, git, heldBy } = await shop();
    const first = await create('cart', 'web');
    expect(await create('cart', 'web')).toMatchObject({ created: false, allocations: first.allocations });
    const together = await Promise.all([1, 2, 3, 4].map(() => create('pier', 'web')));
    const [{ path, allocations: [held] = [] } = first] = together;
    expect(together.map(({ allocations }) => allocations.map(({ port }) => port))).toEqual(
      together.map(() => [held?.port]),
    );
    expect(together.filter(({ created }) => created)).toHaveLength(1);
    expect(await git('worktree', 'list')).toContain(path);
    expect(await heldBy(path)).toEqual([[held?.port, 'web']]);
  });

  it('begins a branch where it is told to, and puts the worktree there', async () => {
    const { path, create, git } = await shop();
    const first = (await git('rev-parse', 'HEAD')).trim();
    await git('commit', '--quiet', '--allow-empty', '--message', 'More');
    const { path: cart } = await create('cart', '--from', 'HEAD~1', '--path', '../elsewhere/cart');
    expect(cart).toBe(join(path, '../elsewhere/cart'));
    expect((await git('rev-parse', 'cart')).trim()).toBe(first);
  });

  it('checks out a branch that exists here or at a remote', async () => {
    const { path, git } = await shop();
    await git('branch', 'old');
    const clone = join(await realpath(await temporaryDirectory()), 'clone');
    await git('clone', '--quiet', path, clone);
    const { json } = await wharfside(server(), clone);
    const { path: old } = await json<Created>('worktree', 'create', 'old');
    expect(await git('-C', old, 'rev-parse', '--abbrev-ref', 'old@{upstream}')).toBe('origin/old\n');
    const refused = await wharfside(server(), path);
    expect(await refused.wharfinger('worktree', 'create', 'old', '--from', 'HEAD')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leave out --from'),
    });
  });

  it('works from a bare repository and from another worktree', async () => {
    const { path, create } = await shop({ isBare: true });
    const { path: cart } = await create('cart');
    expect(cart).toBe(path.replace(/\.git$/, '-cart'));
    const { json } = await wharfside(server(), cart);
    expect(await json<Created>('worktree', 'create', 'pier')).toMatchObject({ path: path.replace(/\.git$/, '-pier') });
  });

  it('leaves nothing of git where no registry answers', async () => {
    const { path, git, branches } = await shop();
    const exit = await spawnCommand(['worktree', 'create', 'cart'], unreachable, path).exited;
    expect(exit).toMatchObject({ code: 3, stdout: '' });
    expect(await branches()).not.toContain('cart');
    expect(await git('worktree', 'list')).not.toContain('cart');
  });

  it('leaves nothing of git where the registry refuses, but a branch that was there before', async () => {
    const { wharfinger, git, branches } = await shop();
    await git('branch', 'old');
    for (const branch of ['cart', 'old']) {
      const exit = await wharfinger('worktree', 'create', branch, 'web', 'web');
      expect(exit).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^wharfinger: services.*\n$/) });
    }
    expect(await branches()).toEqual(['main', 'old']);
    expect(await git('worktree', 'list')).not.toMatch(/cart|old/);
  });

  it('claims nothing where git refuses', async () => {
    const { path, wharfinger, branches, heldBy } = await shop();
    await mkdir(`${path}-cart/full`, { recursive: true });
    const occupied = await wharfinger('worktree', 'create', 'cart');
    expect(occupied).toMatchObject({ code: 1, stderr: expect.stringMatching(/^wharfinger: git refused: .*--path\n$/) });
    expect(await branches()).not.toContain('cart');
    expect(await heldBy(`${path}-cart`)).toEqual([]);
    expect(await wharfinger('worktree', 'create', 'main')).toMatchObject({ code: 1 });
  });

  it('keeps what git keeps where a hook of the repository fails, and says so', async () => {
    const { path, wharfinger, heldBy } = await shop();
    await writeFile(join(path, '.git/hooks/post-checkout'), '#!/bin/sh\necho "no disk" >&2\nexit 3\n', { mode: 0o755 });
    const { code, stdout, stderr } = await wharfinger('worktree', 'create', 'cart');
    expect([code, stdout]).toEqual([0, `${path}-cart\n`]);
    expect(stderr).toMatch(/post-checkout hook of the repository failed: .*no disk/);
    expect(await heldBy(`${path}-cart`)).toHaveLength(1);
  });

  it('says the whole refusal as JSON', async () => {
    const { wharfinger } = await shop();
    const { code, stdout } = await wharfinger('worktree', 'create', 'cart', 'web', 'web', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ code: 'INVALID_INPUT' })]);
  });

  it('takes no name for a flag of git', async () => {
    const { git, branches, wharfinger } = await shop();
    await git('branch', 'victim');
    for (const args of [
      ['--from', 'victim', '--', '-D'],
      ['cart', '--from=--lock'],
      ['cart', '--from', 'nowhere'],
      ['no such name'],
    ]) {
      const { code, stderr } = await wharfinger('worktree', 'create', ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^wharfinger: .*\n$/)]);
    }
    expect(await branches()).toEqual(['main', 'victim']);
  });

  it('does not take a worktree for made that a killed git left behind', async () => {
    const { path, create, git, wharfinger } = await shop();
    await create('cart', 'web');
    await git('worktree', 'lock', '--reason', 'initializing', `${path}-cart`);
    const remedy = `git worktree remove -f -f ${path}-cart`;
    for (const args of [['create'], ['remove']]) {
      const exit = await wharfinger('worktree', ...args, 'cart');
      expect(exit).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(remedy) });
    }
  });

  it('is undone by a signal while the registry does not answer', async () => {
    const { path, git, branches } = await shop();
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close().closeAllConnections());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // it listens on TCP
    const environment = { WHARFINGER_URL: `http://127.0.0.1:${port}/graphql` };
    const command = spawnCommand(['worktree', 'create', 'cart'], environment, path);
    await once(silent, 'request');
    command.kill('SIGINT');
    expect(await command.exited).toMatchObject({ code: 130, stderr: expect.stringContaining('is undone') });
    expect(await git('worktree', 'list')).not.toContain('cart');
    expect(await branches()).not.toContain('cart');
  });

  it.each([
    ['a branch that is not ASCII', 'grün/日本', 'shop-grün-日本'],
    ['a branch with odd letters', 'a@b+c', 'shop-a-b-c'],
  ])('names the directory after %s', async (_what, branch, name) => {
    const { create } = await shop();
    expect(basename((await create(branch)).path)).toBe(name);
  });

  it('puts the worktree beside a hidden repository, and beside a submodule', async () => {
    const { path, git } = await shop();
    const project = await realpath(await temporaryDirectory());
    await git('clone', '--quiet', '--bare', path, join(project, '.bare'));
    const hidden = await wharfside(server(), join(project, '.bare'));
    expect(await hidden.json<Created>('worktree', 'create', 'cart')).toMatchObject({ path: join(project, 'cart') });
    const outer = await createRepository();
    await outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', path, 'library');
    const inner = await wharfside(server(), join(outer.path, 'library'));
    const { path: made } = await inner.json<Created>('worktree', 'create', 'pier');
    expect(made).toBe(join(outer.path, 'library-pier'));
  });

  it('is refused outside of git', async () => {
    const { wharfinger } = await wharfside(server());
    expect(await wharfinger('worktree', 'create', 'cart')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no git repository'),
    });
  });

  it('is git alone where port management is switched off', async () => {
    const { path } = await shop();
    const off = { ...unreachable, ENABLE_PORT_MANAGEMENT: 'false' };
    const { code, stdout, stderr } = await spawnCommand(['worktree', 'create', 'cart'], off, path).exited;
    expect([code, stdout]).toEqual([0, `${path}-cart\n`]);
    expect(stderr).toContain('ENABLE_PORT_MANAGEMENT=false');
    expect(await spawnCommand(['worktree', 'remove', 'cart'], off, path).exited).toMatchObject({ code: 0 });
  });
});
