import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Environment } from '../../src/client/client.ts';
import { granted, openClient } from '../client/registry-client.ts';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { spawnCommand } from '../support/spawned-server.ts';
import { openShop, unreachable } from './shop.ts';

interface Removed {
  readonly released: readonly { readonly port: number }[];
}

const server = shareServer(embedded);
const shop = (options?: Parameters<typeof openShop>[1]) => openShop(server(), options);

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
    const { create, wharfinger, heldBy } = await shop();
    const { path, allocations: [held] = [] } = await create('cart', 'web');
    await writeFile(join(path, 'work.txt'), 'a day of work');
    const refused = await wharfinger('worktree', 'remove', 'cart');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('work.txt') });
    expect(await heldBy(path)).toEqual([[held?.port, 'web']]);
    expect(await wharfinger('worktree', 'remove', 'cart', '--force')).toMatchObject({ code: 0 });
    expect(await heldBy(path)).toEqual([]);
  });

  it('takes a .env.local for a change where somebody added to it', async () => {
    const { path: main, create, wharfinger } = await shop();
    const { path } = await create('cart', 'web');
    await writeFile(join(path, '.env.local'), 'SECRET=1\n', { flag: 'a' });
    for (const ignored of ['', '.env.local\n']) {
      await writeFile(join(main, '.git/info/exclude'), ignored);
      const { code, stderr } = await wharfinger('worktree', 'remove', 'cart');
      expect([code, stderr]).toEqual([1, expect.stringContaining('.env.local')]);
    }
    expect(await readFile(join(path, '.env.local'), 'utf8')).toContain('SECRET=1');
  });

  it('loses no untracked file that git status is told not to show, and no worktree inside of the worktree', async () => {
    const { path: main, create, git, wharfinger } = await shop();
    await git('config', 'status.showUntrackedFiles', 'no');
    const { path } = await create('cart', 'web');
    await writeFile(join(path, 'precious'), '');
    const untracked = await wharfinger('worktree', 'remove', 'cart');
    expect(untracked).toMatchObject({ code: 1, stderr: expect.stringContaining('precious') });
    await writeFile(join(main, '.git/info/exclude'), '*\n');
    await create('pier', '--path', join(path, 'pier'));
    const nested = await wharfinger('worktree', 'remove', 'cart', '--force');
    expect(nested).toMatchObject({ code: 1, stderr: expect.stringContaining('lies inside of') });
  });

  it('holds the same ports again where git refuses', async () => {
    const { git, create, wharfinger, heldBy } = await shop();
    const library = await createRepository();
    await git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.path, 'library');
    await git('commit', '--quiet', '--message', 'Add the library');
    const { path, allocations } = await create('cart', 'web', 'api');
    await git('-c', 'protocol.file.allow=always', '-C', path, 'submodule', '--quiet', 'update', '--init');
    const owner = { worktreePath: path, conversationId: 'issue-1' };
    granted(await openClient({ url: server().url }).registerPort({ serviceName: 'shop', port: 9123, owner }));
    const refused = await wharfinger('worktree', 'remove', 'cart', '--conversation', 'issue-1');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('submodules') });
    const before = allocations.map(({ port, serviceName }) => [port, serviceName]);
    expect(await heldBy(path)).toEqual([...before, [9123, 'shop']]);
    const { worktree } = (await openClient({ url: server().url }).checkPort({ port: 9123 })).allocation ?? {};
    expect(worktree).toMatchObject({ path, branch: 'cart' });
    expect(await readFile(join(path, '.env.local'), 'utf8')).toContain('WEB_PORT');
  });

  it.each([
    ['a production port', { environment: Environment.PRODUCTION }],
    ['a public port', { environment: Environment.DEV, publicHostnames: ['shop.example'] }],
  ])('leaves %s to release, with or without --force, and touches nothing', async (_what, claim) => {
    const { create, wharfinger, git, heldBy } = await shop();
    const { path } = await create('cart', 'web');
    const client = openClient({ url: server().url });
    const input = { serviceName: 'shop', ...claim, owner: { worktreePath: path } };
    const { allocation } = granted(await client.allocatePort(input));
    const release = ['release', `${allocation.port}`, '--force'];
    for (const flags of [[], ['--force']]) {
      const refused = await wharfinger('worktree', 'remove', 'cart', ...flags);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(`Port ${allocation.port} on quay is held by`);
      expect(refused.stderr).toContain(`run \`wharfinger ${release.join(' ')}\` first`);
    }
    expect(await git('worktree', 'list')).toContain('cart');
    expect(await heldBy(path)).toHaveLength(2);
    expect(await wharfinger(...release)).toMatchObject({ code: 0 });
    expect(await wharfinger('worktree', 'remove', 'cart')).toMatchObject({ code: 0 });
    expect(await heldBy(path)).toEqual([]);
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
    ['the main worktree by its branch', 'main', 2, 'is the main worktree'],
    ['what is no worktree', 'pier', 2, '`git worktree list` shows them'],
    ['one that is locked', 'cart', 1, 'is locked (on a stick): run `git worktree unlock'],
  ])('refuses %s', async (_what, named, code, message) => {
    const { create, git, wharfinger, heldBy } = await shop();
    const { path } = await create('cart', 'web');
    await git('worktree', 'lock', '--reason', 'on a stick', path);
    expect(await wharfinger('worktree', 'remove', named)).toMatchObject({
      code,
      stderr: expect.stringContaining(message),
    });
    expect(await heldBy(path)).toHaveLength(1);
  });
});
