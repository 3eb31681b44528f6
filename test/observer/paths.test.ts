import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { lookAtPaths, PathLooks } from '../../src/observer/paths.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const unseen = { exists: false, device: null };
const there = { exists: true, device: 7 };
const directory = { dev: 7, isDirectory: () => true };

/** A host on which what lies below /dead does not answer, until it is revived, and all else is a directory. */
function openHost() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const asked: string[] = [];
  const hanging: (() => void)[] = [];
  let atOnce = 0;
  let most = 0;
  const looks = new PathLooks(async (path) => {
    asked.push(path);
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise<void>((resolve) => (path.startsWith('/dead') ? hanging.push(resolve) : setImmediate(resolve)));
    atOnce -= 1;
    return directory;
  });
  /** Looks, while as much time passes as it takes. */
  const look = async (...paths: string[]) => {
    let isOver = false;
    const sights = looks.at(paths).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(100);
    }
    return [...(await sights).values()];
  };
  const revive = async () => {
    for (const each of hanging.splice(0)) each();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, look, revive, most: () => most };
}

describe('a look at paths', () => {
  it('tells directories from what is missing, a file, or below one, and on which file system they would be', async () => {
    const base = await temporaryDirectory();
    const { dev } = await stat(base);
    await mkdir(join(base, 'shop'));
    await writeFile(join(base, 'file'), '');
    const paths = ['shop', 'gone/deeper', 'file', 'file/below'].map((name) => join(base, name));
    const sights = await lookAtPaths([...paths, paths[0] ?? '']);
    expect([...sights]).toEqual(paths.map((path, index) => [path, { exists: index === 0, device: dev }]));
  });

  it('goes on without a path that does not answer, and asks no second time while it does not', async () => {
    const { asked, look } = openHost();
    expect(await look('/dead/a', '/src/b', '/src/c')).toEqual([unseen, there, there]);
    expect(await look('/src/b', '/dead/a')).toEqual([there, unseen]);
    expect(asked.filter((path) => path === '/dead/a')).toHaveLength(1);
  });

  it('keeps at most two threads waiting, however many paths do not answer and however often it looks', async () => {
    const { asked, look, most } = openHost();
    const dead = Array.from({ length: 20 }, (_, index) => `/dead/${index}`);
    for (let times = 0; times < 3; times += 1) {
      expect(new Set(await look(...dead, '/src/b'))).toEqual(new Set([unseen])); // one look after the other
    }
    expect(asked).toEqual(['/dead/0', '/dead/1']);
    expect(most()).toBe(2);
  });

  it('sees what answers again', async () => {
    const { look, revive } = openHost();
    expect(await look('/dead/a', '/dead/b', '/src/c')).toEqual([unseen, unseen, unseen]);
    await revive();
    expect(await look('/src/c', '/src/d')).toEqual([there, there]);
  });

  it('never asks about more than two at once, whoever looks', async () => {
    const { look, most } = openHost();
    const sources = Array.from({ length: 10 }, (_, index) => `/src/${index}`);
    const sights = await Promise.all([look(...sources), look(...sources), look(...sources)]);
    expect(sights).toEqual([1, 2, 3].map(() => sources.map(() => there)));
    expect(most()).toBe(2);
  });

  it('asks once about what lies above two paths that are missing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const asked: string[] = [];
    const looks = new PathLooks(async (path) => {
      asked.push(path);
      if (path === '/dead') return new Promise(() => {});
      throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
    });
    const sights = looks.at(['/dead/a', '/dead/b']);
    await vi.advanceTimersByTimeAsync(1_500);
    expect([...(await sights).values()]).toEqual([unseen, unseen]);
    expect(asked).toEqual(['/dead/a', '/dead/b', '/dead']);
  });
});
