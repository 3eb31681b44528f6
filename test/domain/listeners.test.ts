import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeListener,
  isOwnListener,
  judgeListener,
  pathsAround,
  toListener,
  worktreeAround,
} from '../../src/domain/listeners.ts';
import type { SeenProcess } from '../../src/domain/observation.ts';
import type { OwnerOfPort } from '../../src/domain/owner.ts';
import { placed, quay, worktree } from './seed.ts';

const shop = worktree('/src/shop', { codebaseId: 'shop' });
const shop2 = worktree('/src/shop-2', { codebaseId: 'shop' });
const nested = worktree('/src/shop/.worktrees/cart', { codebaseId: 'shop' });
const bank = worktree('/src/bank', { codebaseId: 'bank' });
const loose = worktree('/src/loose');
const all = [shop, shop2, nested, bank, loose];
const byPath = new Map(all.map((each) => [each.path, each]));

describe('the worktree around a directory', () => {
  it.each<[string | null, string | undefined]>([
    ['/src/shop', '/src/shop'],
    ['/src/shop/', '/src/shop'],
    ['/src/shop/packages/api', '/src/shop'],
    ['/src/shop-2', '/src/shop-2'],
    ['/src/shop-2/src', '/src/shop-2'],
    ['/src/shop-3', undefined],
    ['/src/shop3', undefined],
    ['/src/sho', undefined],
    ['/src', undefined],
    ['/', undefined],
    ['', undefined],
    [null, undefined],
    ['/else/src/shop', undefined],
    ['src/shop', undefined],
    ['/src/shop/.worktrees', '/src/shop'],
    ['/src/shop/.worktrees/cart', '/src/shop/.worktrees/cart'],
    ['/src/shop/.worktrees/cart/app', '/src/shop/.worktrees/cart'],
    ['/src/shop/.worktrees/cart2', '/src/shop'],
    ['/src/shop\\odd', undefined],
  ])('%j is %j', (directory, expected) => {
    expect(worktreeAround(directory, byPath)?.path).toBe(expected);
  });

  it('may be the root', () => {
    const root = worktree('/');
    expect(worktreeAround('/a/b', new Map([['/', root]]))).toBe(root);
    expect(worktreeAround('/', new Map([['/', root]]))).toBe(root);
  });

  it('is told on Windows too', () => {
    const here = worktree('C:\\src\\shop');
    const worktrees = new Map([[here.path, here]]);
    expect(worktreeAround('C:\\src\\shop\\api', worktrees)).toBe(here);
    expect(worktreeAround('C:\\src\\shop', worktrees)).toBe(here);
    expect(worktreeAround('C:\\src\\shop-2', worktrees)).toBeNull();
    expect(worktreeAround('D:\\src\\shop', worktrees)).toBeNull();
  });

  it('is looked for at every parent, the nearest first, and ends at the root', () => {
    expect([...pathsAround('/a/b/c')]).toEqual(['/a/b/c', '/a/b', '/a', '/']);
    expect([...pathsAround('/')]).toEqual(['/']);
    expect([...pathsAround('//')]).toEqual(['//', '/']);
    expect([...pathsAround(null)]).toEqual([]);
    fc.assert(fc.property(fc.string(), (path) => [...pathsAround(path)].length <= path.length + 1));
  });
});

const at = (workingDirectory: string | null, ...ancestorDirectories: string[]): Partial<SeenProcess> => ({
  workingDirectory,
  ancestorDirectories,
});
const of = (worktreePath: string | null, codebaseId: string | null = null): OwnerOfPort => ({
  worktreePath,
  codebaseId,
});

describe('what listens on a port', () => {
  it.each<[string, Partial<SeenProcess> | null, OwnerOfPort, string]>([
    ['1: runs in the owner’s worktree', at('/src/shop'), of('/src/shop'), 'owner'],
    ['1: runs below it', at('/src/shop/api'), of('/src/shop'), 'owner'],
    ['1: runs in the owner’s nested worktree', at('/src/shop/.worktrees/cart/app'), of(nested.path), 'owner'],
    ['1: runs in it, started from another one', at('/src/shop', '/src/bank'), of('/src/shop'), 'owner'],
    ['1: runs in a worktree that is no longer registered', at('/gone/api'), of('/gone'), 'owner'],
    ['2: was started from the owner’s worktree', at('/opt/tool', '/src/shop'), of('/src/shop'), 'owner'],
    ['2: was, by a grandparent', at('/opt/tool', '/tmp', '/src/shop/api'), of('/src/shop'), 'owner'],
    ['2: was, and runs in another worktree', at('/src/bank', '/src/shop'), of('/src/shop'), 'owner'],
    ['2: was, and its own directory cannot be told', at(null, '/src/shop'), of('/src/shop'), 'owner'],
    ['2: was started from a nested worktree of another', at('/opt/tool', nested.path), of('/src/shop'), 'unclear'],
    ['3: runs in another worktree', at('/src/bank'), of('/src/shop'), 'squatter'],
    ['3: runs in another worktree of the same codebase', at('/src/shop-2'), of('/src/shop', 'shop'), 'squatter'],
    ['3: runs in a worktree nested in the owner’s', at(nested.path), of('/src/shop'), 'squatter'],
    ['3: runs in the worktree that the owner’s is nested in', at('/src/shop'), of(nested.path), 'squatter'],
    ['3: runs in another one, started from neither', at('/src/bank', '/', '/home'), of('/src/shop'), 'squatter'],
    ['4: runs in no worktree', at('/opt/tool', '/'), of('/src/shop'), 'unclear'],
    ['4: runs in no worktree, started from another one', at('/opt', '/src/bank'), of('/src/shop'), 'unclear'],
    ['4: has no directory that can be told', at(null), of('/src/shop'), 'unclear'],
    ['4: cannot be seen', null, of('/src/shop'), 'unclear'],
    ['without a worktree: cannot be seen', null, of(null, 'shop'), 'owner'],
    ['without a worktree: has no directory', at(null), of(null, 'shop'), 'owner'],
    ['without a worktree: runs in no worktree', at('/opt'), of(null, 'shop'), 'owner'],
    ['without a worktree: runs in one of the same codebase', at(nested.path), of(null, 'shop'), 'owner'],
    ['without a worktree: runs in one of another codebase', at('/src/bank/api'), of(null, 'shop'), 'squatter'],
    ['without a worktree: runs in one of no codebase', at('/src/loose'), of(null, 'shop'), 'owner'],
    ['without any codebase: runs in any worktree', at('/src/bank'), of(null), 'owner'],
  ])('%s', (_what, process, owner, expected) => {
    expect(judgeListener(placed(8000, process, all), owner)).toBe(expected);
  });

  const anyPath = fc
    .array(fc.constantFrom('src', 'shop', 'shop-2', '.worktrees', 'cart', 'bank'), { maxLength: 5 })
    .map((names) => `/${names.join('/')}`);
  const anyWorktrees = fc.uniqueArray(anyPath, { minLength: 1, maxLength: 6 });
  const anyOwner = fc.record({
    worktreePath: fc.option(anyPath, { nil: null }),
    codebaseId: fc.option(fc.constantFrom('shop', 'bank'), { nil: null }),
  });

  it('is never a squatter inside the owner’s worktree, but for those nested in it', () => {
    fc.assert(
      fc.property(anyWorktrees, anyPath, anyPath, fc.array(anyPath), (paths, own, below, ancestors) => {
        const worktrees = [own, ...paths].map((path) => worktree(path));
        const directory = `${own === '/' ? '' : own}${below}`;
        const isNested = paths.some((each) => each !== own && each.startsWith(own) && isIn(directory, each));
        fc.pre(!isNested);
        expect(judgeListener(placed(8000, at(directory, ...ancestors), worktrees), of(own))).toBe('owner');
      }),
    );
  });

  it('is a squatter only where its process is seen to run inside another registered worktree', () => {
    const anyProcess = fc.option(
      fc.record({ workingDirectory: fc.option(anyPath, { nil: null }), ancestorDirectories: fc.array(anyPath) }),
      { nil: null },
    );
    fc.assert(
      fc.property(anyWorktrees, anyProcess, anyOwner, (paths, process, owner) => {
        const worktrees = paths.map((path, index) => worktree(path, { codebaseId: index % 2 ? 'shop' : 'bank' }));
        const bearing = judgeListener(placed(8000, process, worktrees), owner);
        if (bearing !== 'squatter') return;
        const directory = process?.workingDirectory ?? '';
        expect(paths.some((path) => path !== owner.worktreePath && isIn(directory, path))).toBe(true);
        expect(process?.ancestorDirectories).not.toContain(owner.worktreePath);
      }),
    );
  });
});

const isIn = (directory: string, path: string) =>
  path === '/' || directory === path || directory.startsWith(`${path}/`);

describe('a listener that is certainly the owner’s', () => {
  it.each<[string, Partial<SeenProcess> | null, OwnerOfPort, boolean]>([
    ['runs in the owner’s worktree', at('/src/shop/api'), of('/src/shop'), true],
    ['was started from it', at('/opt', '/src/shop'), of('/src/shop'), true],
    ['runs in a worktree of the owner’s codebase', at('/src/shop-2'), of(null, 'shop'), true],
    ['does not run elsewhere', at('/opt'), of('/src/shop'), false],
    ['does not run elsewhere, for an owner without a worktree', at('/opt'), of(null, 'shop'), false],
    ['does not run in a worktree of another codebase', at('/src/bank'), of(null, 'shop'), false],
    ['does not run in a worktree without a codebase', at('/src/loose'), of(null, 'shop'), false],
    ['is none of nobody’s', at('/src/loose'), of(null), false],
    ['can be seen', null, of('/src/shop'), false],
    ['can be seen, for an owner without a worktree', null, of(null, 'shop'), false],
  ])('%s', (_what, process, owner, expected) => {
    expect(isOwnListener(placed(8000, process, all), owner)).toBe(expected);
  });
});

describe('what is told of a listener', () => {
  it.each<[Partial<SeenProcess> | null, string]>([
    [at('/src/shop/api'), 'node (process 4711) of worktree /src/shop'],
    [at('/opt/tool'), 'node (process 4711) in /opt/tool'],
    [at(null), 'node (process 4711)'],
    [{ name: null, workingDirectory: '/src/bank' }, 'process 4711 of worktree /src/bank'],
    [{ name: null }, 'process 4711'],
    [null, 'a process that cannot be seen from here'],
  ])('%j is %s', (process, expected) => {
    expect(describeListener(placed(8000, process, all))).toBe(expected);
  });

  it('names its process and the worktree that it runs in', () => {
    expect(toListener(placed(8000, at('/src/shop/api'), all), quay)).toEqual({
      hostName: quay,
      port: 8000,
      addresses: ['127.0.0.1'],
      processId: 4711,
      processName: 'node',
      command: 'node server.js',
      workingDirectory: '/src/shop/api',
      worktreeId: shop.id,
    });
    expect(toListener(placed(8000, null, all), quay)).toEqual({
      hostName: quay,
      port: 8000,
      addresses: ['127.0.0.1'],
      processId: null,
      processName: null,
      command: null,
      workingDirectory: null,
      worktreeId: null,
    });
  });
});
