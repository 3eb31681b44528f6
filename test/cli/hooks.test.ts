import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { wharfside } from './wharfinger.ts';

const execute = promisify(execFile);

describe('hooks', { timeout: 120_000 }, () => {
  const server = shareServer(embedded);

  async function harbour({ isBare = false } = {}) {
    const repository = await createRepository({ isBare });
    const { path } = repository;
    const hook = join(path, isBare ? 'hooks/post-checkout' : '.git/hooks/post-checkout');
    const { wharfinger, json } = await wharfside(server(), path);
    /** As a person has git do it, with the environment that the hook finds. */
    const git = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const environment = { ...process.env, WHARFINGER_URL: server().url, ...env };
      return execute('git', [...args], { cwd: path, env: environment });
    };
    const writeHook = async (text: string) => {
      await mkdir(dirname(hook), { recursive: true });
      await writeFile(hook, text, { mode: 0o755 });
    };
    return {
      ...repository,
      git,
      hook,
      writeHook,
      wharfinger,
      json,
      beside: (name: string) => join(dirname(path), name),
    };
  }

  const portsOf = async (path: string) => {
    const { wharfinger } = await wharfside(server(), path);
    const { stdout } = await wharfinger('list', '--worktree');
    return stdout;
  };

  it('give a worktree that git adds its ports and its .env.local', async () => {
    const { git, wharfinger, hook, beside } = await harbour();
    expect(await wharfinger('hooks', 'install', 'web', 'api')).toEqual({
      code: 0,
      signal: null,
      stdout: `${hook}\n`,
      stderr: '',
    });
    const { stderr } = await git(['worktree', 'add', '-b', 'cart', beside('cart')]);
    expect(stderr).toMatch(/^wharfinger: \.env\.local has 8\d{3} \(web\), 8\d{3} \(api\)\. .*not ignored by git.*$/m);
    expect(stderr.match(/^wharfinger:/gm)).toHaveLength(1);
    const text = await readFile(join(beside('cart'), '.env.local'), 'utf8');
    const [, port] = /^WEB_PORT=(\d+)$/m.exec(text) ?? [];
    expect(text).toContain(`\nPORT=${port}\n`);
    expect(await portsOf(beside('cart'))).toMatch(new RegExp(`^${port}\tweb\t`, 'm'));
  });

  it('work in a bare repository, and from a linked worktree', async () => {
    const { git, wharfinger, hook, beside } = await harbour({ isBare: true });
    await git(['worktree', 'add', '-b', 'cart', beside('cart')]);
    expect(await readdir(beside('cart'))).toEqual(['.git']);
    const linked = await wharfside(server(), beside('cart'));
    expect((await linked.wharfinger('hooks', 'install')).stdout).toBe(`${hook}\n`);
    await git(['worktree', 'add', '-b', 'bay', beside('bay')]);
    expect(await readFile(join(beside('bay'), '.env.local'), 'utf8')).toMatch(/^PORT=8\d{3}$/m);
    expect((await wharfinger('hooks', 'remove')).stdout).toBe(`${hook}\n`);
  });

  it('leave a hook that is there what it does, and give it back as it was', async () => {
    const { git, wharfinger, hook, writeHook, beside } = await harbour();
    const mine = '#!/bin/sh -eu\necho "mine: $3 $(pwd)" >&2\nexit 0';
    await writeHook(mine);
    await chmod(hook, 0o750);
    await wharfinger('hooks', 'install');
    const { stderr } = await git(['worktree', 'add', '-b', 'cart', beside('cart')]);
    expect(stderr).toMatch(/^wharfinger: \.env\.local has /m);
    expect(stderr).toContain(`mine: 1 ${beside('cart')}\n`);
    expect((await stat(hook)).mode & 0o777).toBe(0o750);
    await wharfinger('hooks', 'remove');
    expect(await readFile(hook, 'utf8')).toBe(mine);
  });

  it('do nothing when another branch is checked out, or where they are switched off', async () => {
    const { git, wharfinger, path, beside } = await harbour();
    await wharfinger('hooks', 'install');
    expect((await git(['checkout', '-b', 'cart'])).stderr).not.toContain('wharfinger');
    const off = { WHARFINGER_HOOKS: 'off' };
    expect((await git(['worktree', 'add', '-b', 'bay', beside('bay')], off)).stderr).not.toContain('wharfinger');
    const disabled = { ENABLE_PORT_MANAGEMENT: 'false' };
    expect((await git(['worktree', 'add', '-b', 'pier', beside('pier')], disabled)).stderr).not.toContain('harfinger');
    expect(await Promise.all([path, beside('bay'), beside('pier')].map((each) => readdir(each)))).toEqual([
      ['.git'],
      ['.git'],
      ['.git'],
    ]);
  });

  it('let git do its part where no registry answers, and say so in a line', async () => {
    const { git, wharfinger, beside } = await harbour();
    await wharfinger('hooks', 'install');
    const nobody = { WHARFINGER_URL: 'http://127.0.0.1:1/graphql' };
    const { stderr } = await git(['worktree', 'add', '-q', '-b', 'cart', beside('cart')], nobody);
    expect(stderr).toMatch(
      /^wharfinger: This worktree has no ports yet\. No registry answers at .*wharfinger serve.*\n$/,
    );
    expect(await readdir(beside('cart'))).toEqual(['.git']);
  });

  it('are installed once, and take other services', async () => {
    const { wharfinger, json, hook } = await harbour();
    await wharfinger('hooks', 'install', 'web');
    const before = await readFile(hook, 'utf8');
    expect(await json('hooks', 'install', 'web')).toEqual({ path: hook, changed: false });
    expect(await json('hooks', 'install', 'api')).toEqual({ path: hook, changed: true });
    expect(await readFile(hook, 'utf8')).toBe(before.replaceAll('-- web', '-- api'));
    expect(await json('hooks', 'remove')).toEqual({ path: hook, changed: true });
    expect(await readdir(dirname(hook))).not.toContain('post-checkout');
    expect(await json('hooks', 'remove')).toEqual({ path: hook, changed: false });
  });

  it.each([
    ['of another kind', '#!/usr/bin/env python3\n', 'is no shell script that could take a block'],
    ['with half a block', '#!/bin/sh\n# <<< wharfinger <<<\n', 'with no beginnings and one end (line 2)'],
  ])('leave a hook %s alone', async (_what, mine, message) => {
    const { wharfinger, hook, writeHook } = await harbour();
    await writeHook(mine);
    const { code, stderr } = await wharfinger('hooks', 'install');
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(await readFile(hook, 'utf8')).toBe(mine);
  });

  it('do not wake a hook that git does not run', async () => {
    const { wharfinger, hook, writeHook } = await harbour();
    await writeHook('#!/bin/sh\nrm -rf build\n');
    await chmod(hook, 0o644);
    const { code, stderr } = await wharfinger('hooks', 'install');
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not executable, so git does not run it')]);
  });

  it('are not put where a link leads out of the repository', async () => {
    const { wharfinger, hook } = await harbour();
    const elsewhere = join(await temporaryDirectory(), 'shared');
    await writeFile(elsewhere, '#!/bin/sh\n', { mode: 0o755 });
    await mkdir(dirname(hook), { recursive: true });
    await symlink(elsewhere, hook);
    expect((await wharfinger('hooks', 'install')).stderr).toContain('leads out of');
    expect(await readFile(elsewhere, 'utf8')).toBe('#!/bin/sh\n');
  });

  it('are not put where core.hooksPath leads, and the line to put there is told', async () => {
    const { git, wharfinger, path } = await harbour();
    await git(['config', 'core.hooksPath', '.husky/_']);
    const { code, stderr } = await wharfinger('hooks', 'install', 'web');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      / \S*\.husky\/_ \(core\.hooksPath\).*`wharfinger worktree create`.*hooks run post-checkout -- web\n$/,
    );
    expect(await readdir(path)).toEqual(['.git']);
  });

  it('are for git repositories, and for events that there are', async () => {
    const { wharfinger } = await wharfside(server());
    const [outside, unknown] = [await wharfinger('hooks', 'install'), await wharfinger('hooks', 'run', 'surprise')];
    expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining('is in no git repository')]);
    const { path } = await createRepository();
    const { wharfinger: withoutGit } = await wharfside(server(), path, { PATH: await temporaryDirectory() });
    expect((await withoutGit('hooks', 'install')).stderr).toContain('There is no git on the PATH');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('post-checkout')]);
  });
});
