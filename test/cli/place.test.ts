import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { codebaseOf, findPlace, sameAddress } from '../../src/cli/place.ts';
import { createRepository } from '../support/git-repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const origin = 'git@example.com:me/shop.git';

describe('the place that a directory belongs to', () => {
  it('is the worktree around it, with its branch, its main worktree and its remote', async () => {
    const { path, git, add } = await createRepository();
    await git('remote', 'add', 'origin', origin);
    const cart = await add('shop-cart', { branch: 'feature/cart' });
    await mkdir(join(cart, 'src/deep'), { recursive: true });
    const shop = { mainWorktreePath: path, repositoryUrl: origin, isGit: true };
    expect(await findPlace(join(cart, 'src/deep'))).toEqual({ ...shop, worktreePath: cart, branch: 'feature/cart' });
    expect(await findPlace(path)).toEqual({ ...shop, worktreePath: path, branch: 'main' });
  });

  it('has no branch where none is checked out, and no remote where there is none', async () => {
    const { add } = await createRepository();
    const detached = await add('detached');
    expect(await findPlace(detached)).toMatchObject({ worktreePath: detached, branch: null, repositoryUrl: null });
  });

  it('is a worktree of a bare repository, which has no main one', async () => {
    const { add } = await createRepository({ isBare: true });
    const cart = await add('cart', { branch: 'cart' });
    expect(await findPlace(cart)).toMatchObject({ worktreePath: cart, branch: 'cart', mainWorktreePath: null });
  });

  it('is the directory itself outside git', async () => {
    const directory = await realpath(await temporaryDirectory());
    expect(await findPlace(directory)).toEqual({
      worktreePath: directory,
      branch: null,
      mainWorktreePath: null,
      repositoryUrl: null,
      isGit: false,
    });
  });

  it('is known before the first commit', async () => {
    const { path, git } = await createRepository();
    await git('checkout', '--quiet', '--orphan', 'fresh');
    expect(await findPlace(path)).toMatchObject({ worktreePath: path, branch: 'fresh' });
  });

  it('may have line breaks and spaces in its path', async () => {
    const { add } = await createRepository();
    const odd = await add('shop\nof two lines\n', { branch: 'odd' });
    expect(await findPlace(odd)).toMatchObject({ worktreePath: odd, branch: 'odd' });
  });

  it('is not told where git cannot say which worktree it is', async () => {
    const { path } = await createRepository();
    await mkdir(join(path, 'web'));
    await writeFile(join(path, '.git/config'), '[core');
    await expect(findPlace(join(path, 'web'))).rejects.toThrow(/^git failed in .*web \(fatal: bad config/);
  });

  it('needs git in a checkout alone', async () => {
    const { path } = await createRepository();
    await mkdir(join(path, 'web'));
    const elsewhere = await realpath(await temporaryDirectory());
    vi.stubEnv('PATH', elsewhere);
    const places = Promise.allSettled([findPlace(join(path, 'web')), findPlace(elsewhere)]);
    const [inside, outside] = await places.finally(() => vi.unstubAllEnvs());
    expect(inside).toMatchObject({ reason: { message: expect.stringContaining('There is no git on the PATH') } });
    expect(outside).toMatchObject({ value: { worktreePath: elsewhere, isGit: false } });
  });

  it('has to exist, and to be a directory', async () => {
    await expect(findPlace('/src/nowhere')).rejects.toThrow('There is no directory /src/nowhere');
    const file = join(await temporaryDirectory(), 'file');
    await writeFile(file, '');
    await expect(findPlace(file)).rejects.toThrow(`There is no directory ${file}`);
  });
});

describe('the codebase of a place', () => {
  const place = {
    worktreePath: '/src/shop-cart',
    branch: 'cart',
    mainWorktreePath: '/src/shop',
    repositoryUrl: origin,
    isGit: true,
  };
  const codebase = (id: string, facts: { repositoryUrl?: string; defaultCwd?: string }) => ({
    id,
    repositoryUrl: facts.repositoryUrl ?? null,
    defaultCwd: facts.defaultCwd ?? null,
  });

  it('is the one of its main worktree, before the one of its remote', () => {
    const byRemote = codebase('remote', { repositoryUrl: 'https://example.com/me/shop' });
    const byDirectory = codebase('directory', { defaultCwd: '/src/shop/' });
    expect(codebaseOf(place, [byRemote, byDirectory])?.id).toBe('directory');
    expect(codebaseOf(place, [codebase('other', { defaultCwd: '/src/shop-2' }), byRemote])?.id).toBe('remote');
  });

  it('is none where neither is known', () => {
    const nothing = codebase('empty', {});
    expect(codebaseOf(place, [nothing])).toBeUndefined();
    expect(codebaseOf({ ...place, repositoryUrl: null, mainWorktreePath: null }, [nothing])).toBeUndefined();
  });
});

it.each([
  'git@example.com:me/shop.git',
  'ssh://git@example.com/me/shop.git',
  'ssh://git@example.com:2222/me/shop',
  'https://example.com/me/shop',
  'https://token@Example.com/me/shop.git/',
])('%s is an address of example.com/me/shop', (url) => {
  expect(sameAddress(url)).toBe('example.com/me/shop');
});
