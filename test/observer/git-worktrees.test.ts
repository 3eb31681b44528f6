import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  explainGitFailure,
  isCheckout,
  parseGitWorktrees,
  readGitWorktrees,
} from '../../src/observer/git-worktrees.ts';
import { createRepository } from '../support/git-repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const head = `HEAD ${'0a'.repeat(20)}`;
const record = (...attributes: string[]) => `${attributes.join('\0')}\0\0`;
const plain = { branch: null, isBare: false, locked: null, prunable: null };

describe('the list of git worktrees', () => {
  it.each([
    ['on a branch', ['worktree /src/shop', head, 'branch refs/heads/main'], { path: '/src/shop', branch: 'main' }],
    [
      'on a branch with slashes',
      ['worktree /src/a b', head, 'branch refs/heads/feature/cart'],
      { path: '/src/a b', branch: 'feature/cart' },
    ],
    ['detached', ['worktree /src/shop', head, 'detached'], { path: '/src/shop' }],
    ['bare', ['worktree /src/shop.git', 'bare'], { path: '/src/shop.git', isBare: true }],
    ['locked', ['worktree /src/x', head, 'detached', 'locked'], { path: '/src/x', locked: '' }],
    [
      'locked with a reason of two lines',
      ['worktree /src/x', head, 'detached', 'locked on a\nstick'],
      { path: '/src/x', locked: 'on a\nstick' },
    ],
    [
      'prunable',
      ['worktree /src/x', head, 'branch refs/heads/x', 'prunable gitdir file points to non-existent location'],
      { path: '/src/x', branch: 'x', prunable: 'gitdir file points to non-existent location' },
    ],
    ['with a path of two lines', ['worktree /src/a\nworktree b', head], { path: '/src/a\nworktree b' }],
    ['with a path beyond ASCII', ['worktree /src/größe ⚓', head], { path: '/src/größe ⚓' }],
    ['with attributes of a later git', ['worktree /src/x', head, 'detached', 'novel thing'], { path: '/src/x' }],
  ])('has one %s', (_what, attributes, expected) => {
    expect(parseGitWorktrees(record(...attributes))).toEqual([{ ...plain, ...expected }]);
  });

  it('is in the order of git', () => {
    const text = record('worktree /b', 'bare') + record('worktree /a', head, 'detached');
    expect(parseGitWorktrees(text).map(({ path }) => path)).toEqual(['/b', '/a']);
  });

  it.each([
    ['nothing', ''],
    ['a record without a path', record(head, 'bare')],
    ['an empty path', record('worktree ', 'bare')],
    ['a record that is cut off', 'worktree /src/shop\0HEAD 0a0a\0bra'],
  ])('is empty for %s', (_what, text) => {
    expect(parseGitWorktrees(text)).toEqual([]);
  });

  it('is a list of paths, whatever text it is made of', () => {
    const pieces = fc.constantFrom(
      'worktree',
      'worktree /a',
      'branch refs/heads/x',
      'bare',
      'locked',
      '\0',
      '\0\0',
      ' ',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, fc.string())).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const { path, branch } of parseGitWorktrees(text)) {
          expect(path).not.toBe('');
          expect(branch).not.toBe('');
        }
      }),
    );
  });
});

describe('a failure of git', () => {
  const failed = { code: 128, message: 'Command failed: git -C /src/shop worktree list' };

  it.each([
    ['no git', { ...failed, code: 'ENOENT' }, /no git on the PATH: install it/],
    [
      'an old git',
      { ...failed, code: 129, stderr: "error: unknown switch `z'\nusage: git worktree" },
      /2\.36 or newer/,
    ],
    ['no directory', { ...failed, stderr: "fatal: cannot change to '/src/shop': No such file" }, /cannot be entered/],
    [
      'no repository',
      { ...failed, stderr: 'fatal: not a git repository (or any of the' },
      /no git repository at \/src/,
    ],
    ["another user's", { ...failed, stderr: 'fatal: detected dubious ownership in' }, /safe\.directory '\/src\/shop'/],
    [
      "a directory of another user's",
      { ...failed, stderr: "fatal: detected dubious ownership in repository at '/src'\nTo add" },
      /safe\.directory '\/src'`/,
    ],
    ['one that hangs', { ...failed, code: null, killed: true }, /took more than 10 seconds/],
    ['too long a list', { ...failed, code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' }, /more worktrees/],
    [
      'any other',
      { ...failed, stderr: 'fatal: bad \u001b[31mconfig\nsecret second line' },
      /\(fatal: bad {2}\[31mconfig\)/,
    ],
    ['one without words', { ...failed, stderr: '' }, /\(Command failed: git -C \/src\/shop worktree list\)/],
  ])('says what to do: %s', (_what, failure, words) => {
    const text = explainGitFailure('/src/shop', failure);
    expect(text).toMatch(words);
    expect(text).not.toMatch(/second line|\p{Cc}/u);
    expect(text.length).toBeLessThan(500);
  });
});

describe('a checkout', () => {
  it('is told from the directory of a repository, and from any other', async () => {
    const repository = await createRepository();
    const cart = await repository.add('cart');
    const other = await temporaryDirectory();
    await mkdir(join(other, '.github'));
    const places = [repository.path, cart, join(repository.path, '.git'), other, join(other, 'nowhere')];
    expect(await Promise.all(places.map(isCheckout))).toEqual([true, true, false, false, false]);
  });
});

describe('reading the worktrees of a repository', () => {
  it('finds them from any directory of it', async () => {
    const repository = await createRepository();
    const cart = await repository.add('cart worktree', { branch: 'feature/cart' });
    const detached = await repository.add('old');
    const expected = [
      { ...plain, path: repository.path, branch: 'main' },
      { ...plain, path: cart, branch: 'feature/cart' },
      { ...plain, path: detached },
    ];
    expect(await readGitWorktrees(repository.path)).toEqual(expected);
    expect(await readGitWorktrees(cart)).toEqual(expected);
  });

  it('tells those that are locked, gone from disk, or bare', async () => {
    const repository = await createRepository({ isBare: true });
    const locked = await repository.add('locked', { branch: 'a' });
    const gone = await repository.add('gone', { branch: 'b' });
    await repository.git('worktree', 'lock', '--reason', 'on a stick', locked);
    await rm(gone, { recursive: true });
    expect(await readGitWorktrees(repository.path)).toEqual([
      { ...plain, path: repository.path, isBare: true },
      { ...plain, path: gone, branch: 'b', prunable: expect.stringMatching(/non-existent/) },
      { ...plain, path: locked, branch: 'a', locked: 'on a stick' },
    ]);
  });

  it('asks the repository of the directory, whichever the environment names, and runs nothing that it configures', async () => {
    const repository = await createRepository();
    const other = await createRepository();
    const trace = join(await temporaryDirectory(), 'trace');
    await repository.git('config', 'core.fsmonitor', `touch ${trace}`);
    vi.stubEnv('GIT_DIR', join(other.path, '.git'));
    vi.stubEnv('GIT_WORK_TREE', other.path);
    const found = await readGitWorktrees(repository.path).finally(() => vi.unstubAllEnvs());
    expect(found.map(({ path }) => path)).toEqual([repository.path]);
    await expect(access(trace)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a directory that does not exist', (home: string) => join(home, 'nowhere'), /cannot be entered/],
    ['a file', (home: string) => join(home, 'file'), /cannot be entered/],
    ['a directory without a repository', (home: string) => home, /no git repository/],
  ])('is refused for %s', async (_what, place, words) => {
    const home = await temporaryDirectory();
    await writeFile(join(home, 'file'), '');
    await expect(readGitWorktrees(place(home))).rejects.toMatchObject({
      name: 'GitFailed',
      message: expect.stringMatching(words),
    });
  });

  it('is refused where there is no git', async () => {
    const home = await temporaryDirectory();
    vi.stubEnv('PATH', home);
    await expect(readGitWorktrees(home).finally(() => vi.unstubAllEnvs())).rejects.toMatchObject({
      message: expect.stringMatching(/no git on the PATH/),
    });
  });
});
