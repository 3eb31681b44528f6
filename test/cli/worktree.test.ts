import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { granted, openClient } from '../client/registry-client.ts';
import { embedded } from '../support/databases.ts';
import { createRepository, type GitRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { spawnCommand } from '../support/spawned-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { wharfside } from './wharfinger.ts';

const unreachable = { WHARFINGER_URL: 'http://127.0.0.1:1/graphql' };

interface Created {
  readonly path: string;
  readonly branch: string;
  readonly created: boolean;
  readonly allocations: readonly { readonly port: number; readonly serviceName: string }[];
  readonly written: { readonly path: string; readonly changed: boolean } | null;
  readonly notes: readonly string[];
}

interface Removed {
  readonly released: readonly { readonly port: number }[];
}

const server = shareServer(embedded);

/** Its main worktree, from which commands are given. */
async function shop(options?: Parameters<typeof createRepository>[0]) {
  const repository = await createRepository(options);
  const { wharfinger, json } = await wharfside(server(), repository.path);
  const create = (...args: string[]) => json<Created>('worktree', 'create', ...args);
  return { ...repository, wharfinger, json, create, branches: () => branchesOf(repository) };
}

const branchesOf = async ({ git }: GitRepository) => (await git('branch', '--format=%(refname:short)')).split('\n');
const heldBy = async (path: string) => {
  const { allocations } = await openClient({ url: server().url }).portAllocations({ where: { worktreePath: path } });
  return allocations.map(({ port, serviceName }) => [port, serviceName]);
};

describe('worktree create', { timeout: 60_000 }, () => {
  it('makes a worktree beside the main one with its port, and writes that down', async () => {
    const { path, wharfinger, branches } = await shop();
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
    const { create, git } = await shop();
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
      code: 1,
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
      const exit = await wharfinger('worktree', 'create', branch, '--codebase', 'nobody');
      expect(exit).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nobody') });
    }
    expect((await branches()).filter(Boolean)).toEqual(['main', 'old']);
    expect(await git('worktree', 'list')).not.toMatch(/cart|old/);
  });

  it('claims nothing where git refuses', async () => {
    const { path, wharfinger } = await shop();
    await mkdir(`${path}-cart/full`, { recursive: true });
    const occupied = await wharfinger('worktree', 'create', 'cart');
    expect(occupied).toMatchObject({ code: 1, stderr: expect.stringMatching(/^wharfinger: git refused: .*exists\n$/) });
    expect(await heldBy(`${path}-cart`)).toEqual([]);
    expect(await wharfinger('worktree', 'create', 'main')).toMatchObject({ code: 1 });
    expect(await wharfinger('worktree', 'create', 'no such name')).toMatchObject({ code: 1 });
  });

  it('leaves nothing where a hook of the repository fails', async () => {
    const { path, wharfinger, git, branches } = await shop();
    await writeFile(join(path, '.git/hooks/post-checkout'), '#!/bin/sh\necho "no disk" >&2\nexit 3\n', { mode: 0o755 });
    const exit = await wharfinger('worktree', 'create', 'cart');
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining('no disk') });
    expect(await branches()).not.toContain('cart');
    expect(await git('worktree', 'list')).not.toContain('cart');
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

describe('worktree remove', { timeout: 60_000 }, () => {
  it('releases what the worktree holds and has git remove it, by branch or by path', async () => {
    const { create, json, wharfinger, git, branches } = await shop();
    const { allocations } = await create('cart', 'web', 'api');
    const { released } = await json<Removed>('worktree', 'remove', 'cart');
    expect(released.map(({ port }) => port)).toEqual(allocations.map(({ port }) => port).sort());
    expect(await git('worktree', 'list')).not.toContain('cart');
    expect(await branches()).toContain('cart');
    const { path: pier, allocations: [held] = [] } = await create('pier', 'web');
    const { code, stdout } = await wharfinger('worktree', 'remove', `../${basename(pier)}`);
    expect([code, stdout]).toEqual([0, `${pier} is removed. Released: ${held?.port} (web).\n`]);
  });

  it('loses no change that is not committed, unless forced', async () => {
    const { create, wharfinger } = await shop();
    const { path, allocations: [held] = [] } = await create('cart', 'web');
    await writeFile(join(path, 'work.txt'), 'a day of work');
    const refused = await wharfinger('worktree', 'remove', 'cart');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('work.txt') });
    expect(await heldBy(path)).toEqual([[held?.port, 'web']]);
    expect(await wharfinger('worktree', 'remove', 'cart', '--force')).toMatchObject({ code: 0 });
    expect(await heldBy(path)).toEqual([]);
  });

  it('takes a .env.local for a change where somebody added to it', async () => {
    const { create, wharfinger } = await shop();
    const { path } = await create('cart', 'web');
    await writeFile(join(path, '.env.local'), 'SECRET=1\n', { flag: 'a' });
    const { code, stderr } = await wharfinger('worktree', 'remove', 'cart');
    expect([code, stderr]).toEqual([1, expect.stringContaining('.env.local')]);
    expect(await readFile(join(path, '.env.local'), 'utf8')).toContain('SECRET=1');
  });

  it('holds the same ports again where git refuses', async () => {
    const { git, create, wharfinger } = await shop();
    const library = await createRepository();
    await git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.path, 'library');
    await git('commit', '--quiet', '--message', 'Add the library');
    const { path, allocations } = await create('cart', 'web', 'api');
    await git('-c', 'protocol.file.allow=always', '-C', path, 'submodule', '--quiet', 'update', '--init');
    const input = { serviceName: 'shop', port: 9123, publicHostnames: ['shop.example'], owner: { worktreePath: path } };
    granted(await openClient({ url: server().url }).registerPort(input));
    const refused = await wharfinger('worktree', 'remove', 'cart');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('submodules') });
    const before = allocations.map(({ port, serviceName }) => [port, serviceName]);
    expect(await heldBy(path)).toEqual([...before, [9123, 'shop']]);
    const { worktree } = (await openClient({ url: server().url }).checkPort({ port: 9123 })).allocation ?? {};
    expect(worktree).toMatchObject({ path, branch: 'cart' });
    expect(await readFile(join(path, '.env.local'), 'utf8')).toContain('WEB_PORT');
  });

  it('touches nothing where no registry answers', async () => {
    const { path, create, git } = await shop();
    await create('cart', 'web');
    const exit = await spawnCommand(['worktree', 'remove', 'cart'], unreachable, path).exited;
    expect(exit).toMatchObject({ code: 3, stdout: '' });
    expect(await git('worktree', 'list')).toContain('cart');
  });

  it('releases what a worktree held that was deleted', async () => {
    const { create, json, git } = await shop();
    const { path, allocations: [held] = [] } = await create('cart', 'web');
    await rm(path, { recursive: true });
    const { released } = await json<Removed>('worktree', 'remove', 'cart');
    expect(released).toEqual([expect.objectContaining({ port: held?.port })]);
    expect(await git('worktree', 'list')).not.toContain('cart');
  });

  it('removes a worktree that was never registered', async () => {
    const { add, wharfinger } = await shop();
    const path = await add('shop-cart', { branch: 'cart' });
    const { code, stdout } = await wharfinger('worktree', 'remove', 'cart');
    expect([code, stdout]).toEqual([0, `${path} is removed. It held no port.\n`]);
  });

  it.each([
    ['the main worktree', '.', 2, 'is the main worktree'],
    ['what is no worktree', 'pier', 2, '`git worktree list` shows them'],
    ['one that is locked', 'cart', 1, 'is locked (on a stick): run `git worktree unlock'],
  ])('refuses %s', async (_what, named, code, message) => {
    const { create, git, wharfinger } = await shop();
    const { path } = await create('cart', 'web');
    await git('worktree', 'lock', '--reason', 'on a stick', path);
    expect(await wharfinger('worktree', 'remove', named)).toMatchObject({
      code,
      stderr: expect.stringContaining(message),
    });
    expect(await heldBy(path)).toHaveLength(1);
  });
});
