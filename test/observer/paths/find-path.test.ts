import { lstat, mkdir, readlink, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileCalls, type FileSystem } from '../../../src/observer/paths/file-calls.ts';
import { PathFinder } from '../../../src/observer/paths/find-path.ts';
import { SilentPaths } from '../../../src/observer/paths/silent-paths.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/**
 * A host on which everything is a directory, and /link leads to /mnt/dead/link. What lies in /mnt/dead, a mount, does
 * not answer until it is revived, nor does /home/u/mnt, a mount on another one, /home.
 */
function openHost() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const asked: string[] = [];
  const hanging: (() => void)[] = [];
  let isDead = true;
  const real = (path: string) => path.replace(/^\/link(?=\/|$)/, '/mnt/dead/link');
  const answer = async (path: string) => {
    asked.push(path);
    if (isDead && /^\/(mnt\/dead\/|home\/u\/mnt(\/|$))/.test(real(path)))
      await new Promise<void>((resolve) => hanging.push(resolve));
    else await new Promise(setImmediate);
    const dev = real(path).startsWith('/mnt/dead') ? 7 : path.startsWith('/home') ? 2 : 1;
    return { dev, isDirectory: () => true, isSymbolicLink: () => path === '/link' };
  };
  const fileSystem: FileSystem = {
    stat: answer,
    lstat: (path) =>
      path === '/link' ? answer('/').then((found) => ({ ...found, isSymbolicLink: () => true })) : answer(path),
    readlink: async () => '/mnt/dead/link',
    realpath: async (path) => {
      await answer(path);
      return real(path);
    },
  };
  const calls = new FileCalls(fileSystem);
  const silent = new SilentPaths();
  const finder = new PathFinder(calls, silent);
  /** Finds, while as much time passes as it takes; answers in how many milliseconds. */
  const find = async (...paths: string[]) => {
    const startedAt = performance.now();
    let isOver = false;
    const all = Promise.all(paths.map((path) => finder.find(path))).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      for (let turns = 0; turns < 40 && !isOver; turns += 1) await new Promise(setImmediate);
      if (!isOver) await vi.advanceTimersByTimeAsync(100);
    }
    return { found: await all, milliseconds: performance.now() - startedAt };
  };
  const revive = async () => {
    isDead = false;
    for (const each of hanging.splice(0)) each();
    await new Promise(setImmediate);
  };
  return { asked, find, silent, calls, revive };
}

const there = (path: string, device = 1) => ({ path, kind: 'directory', device });
const unknown = (path: string) => ({ path, kind: 'unknown', device: null });

describe('finding a path', () => {
  it('that does not answer gives up, resolved up to its mount, and blames the mount', async () => {
    const { find, silent } = openHost();
    const { found, milliseconds } = await find('/mnt/dead/shop', '/link/shop', '/src/shop');
    expect(found).toEqual([unknown('/mnt/dead/shop'), unknown('/mnt/dead/link/shop'), there('/src/shop')]);
    expect(milliseconds).toBeLessThanOrEqual(1_000);
    expect(silent.list()).toEqual(['/mnt/dead']);
  });

  it('blames a mount that does not answer, and not the healthy one that it is mounted on', async () => {
    const { find, silent } = openHost();
    const { found } = await find('/home/u/mnt/cart');
    expect(found).toEqual([unknown('/home/u/mnt/cart')]);
    expect(silent.list()).toEqual(['/home/u/mnt']);
    expect((await find('/home/u/src/shop')).found).toEqual([there('/home/u/src/shop', 2)]);
  });

  it('asks nothing below a mount that does not answer, by whatever path it is named', async () => {
    const { find, asked } = openHost();
    await find('/mnt/dead/shop');
    asked.length = 0;
    const { found, milliseconds } = await find('/mnt/dead/a', '/mnt/dead/b/c', '/link/d', '/src/e');
    expect(found.map(({ path }) => path)).toEqual(['/mnt/dead/a', '/mnt/dead/b/c', '/mnt/dead/link/d', '/src/e']);
    expect(milliseconds).toBe(0);
    expect(asked.filter((path) => path.startsWith('/mnt/dead') || path.startsWith('/link'))).toEqual([]);
  });

  it('lets healthy ones go on behind any number that hang, and few calls hang for them', async () => {
    const { find, calls } = openHost();
    const dead = Array.from({ length: 100 }, (_, index) => `/mnt/dead/${index}`);
    const { found, milliseconds } = await find(...dead, '/src/a', '/src/b');
    expect(found).toEqual([...dead.map(unknown), there('/src/a'), there('/src/b')]);
    expect(milliseconds).toBeLessThanOrEqual(1_000);
    expect(calls.hanging).toBeLessThanOrEqual(16);
  });

  it('asks again when it answers after all', async () => {
    const { find, silent, calls, revive } = openHost();
    await find('/mnt/dead/shop');
    await revive();
    expect([silent.list(), calls.hanging]).toEqual([[], 0]);
    expect((await find('/link/shop')).found).toEqual([there('/mnt/dead/link/shop', 7)]);
  });

  it('asks again after 30 s, and forgets what nobody asks for', async () => {
    const { find, silent, asked } = openHost();
    await find('/mnt/dead/shop');
    await vi.advanceTimersByTimeAsync(31_000);
    asked.length = 0;
    expect((await find('/mnt/dead/cart')).found).toEqual([unknown('/mnt/dead/cart')]);
    expect(asked).toContain('/mnt/dead/cart');
    await vi.advanceTimersByTimeAsync(121_000);
    expect(silent.list()).toEqual([]);
  });

  it('that answers late, as a mount on demand does, takes the answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const facts = { dev: 1, isDirectory: () => true, isSymbolicLink: () => false };
    let arrive = (_path: string) => {};
    const slow = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    const quick = { stat: async () => facts, lstat: async () => facts, readlink: async () => '' };
    const finder = new PathFinder(new FileCalls({ ...quick, realpath: () => slow }), new SilentPaths());
    const found = finder.find('/net/shop');
    await vi.advanceTimersByTimeAsync(400);
    arrive('/net/shop');
    expect(await found).toEqual(there('/net/shop'));
  });

  it('tells directories from what is missing, a file, or below one, and on which file system they would be', async () => {
    const base = await realpath(await temporaryDirectory());
    const { dev } = await stat(base);
    await mkdir(join(base, 'shop'));
    await writeFile(join(base, 'file'), '');
    await symlink(join(base, 'file'), join(base, 'to-file'));
    await symlink('loop', join(base, 'loop'));
    const finder = new PathFinder(new FileCalls({ lstat, stat, readlink, realpath }), new SilentPaths());
    const kinds = ['shop', 'gone/deeper', 'file', 'file/below', 'to-file', 'loop'];
    const found = await Promise.all(kinds.map((name) => finder.find(join(base, name))));
    expect(found.map(({ path, kind, device }) => [path.slice(base.length + 1), kind, device])).toEqual([
      ['shop', 'directory', dev],
      ['gone/deeper', 'missing', dev],
      ['file', 'other', dev],
      ['file/below', 'missing', dev],
      ['file', 'other', dev],
      ['loop', 'hidden', null],
    ]);
  });

  it('finds what exists above a missing path in few calls, however deep it is', async () => {
    const base = await realpath(await temporaryDirectory());
    await mkdir(join(base, 'shop'));
    await symlink('shop', join(base, 'link'));
    const counted = vi.fn((path: string) => realpath(path));
    const finder = new PathFinder(new FileCalls({ lstat, stat, readlink, realpath: counted }), new SilentPaths());
    const names = 'deeper/'.repeat(500);
    const { dev } = await stat(base);
    const path = join(base, 'shop', names, 'end');
    expect(await finder.find(join(base, 'link', names, 'end'))).toEqual({ path, kind: 'missing', device: dev });
    expect(counted.mock.calls.length).toBeLessThanOrEqual(12);
  });
});
