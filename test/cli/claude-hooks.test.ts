import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Environment } from '../../src/client/client.ts';
import { granted, openClient } from '../client/registry-client.ts';
import { embedded } from '../support/databases.ts';
import { createRepository } from '../support/git-repository.ts';
import { shareServer } from '../support/server.ts';
import { program } from '../support/spawned-server.ts';

const execute = promisify(execFile);

describe("Claude Code's hooks", { timeout: 60_000 }, () => {
  const server = shareServer(embedded);

  async function shop() {
    const repository = await createRepository();
    const { path: cwd, git } = repository;
    /** As Claude Code runs a hook: JSON on standard input. Rejects where it ends with another code than 0. */
    const hook = async (
      [event, ...services]: readonly [string, ...string[]],
      told: object | string,
      env: Readonly<Record<string, string>> = {},
    ) => {
      const running = execute(process.execPath, [...program(), 'hooks', 'run', event, ...services], {
        cwd,
        env: { ...process.env, WHARFINGER_URL: server().url, ...env },
      });
      running.child.stdin?.end(
        typeof told === 'string' ? told : JSON.stringify({ session_id: 's-1', cwd, hook_event_name: event, ...told }),
      );
      return running;
    };
    const branches = async () => (await git('branch', '--format=%(refname:short)')).split('\n');
    return { ...repository, cwd, hook, branches };
  }

  const heldBy = async (path: string) =>
    (await openClient({ url: server().url }).portAllocations({ where: { worktreePath: path } })).allocations;

  it.each([
    ['by its name', { name: 'auth' }],
    ['as the documentation has it', { worktree_name: 'auth', source_ref: 'main', base_path: undefined }],
  ])('make a worktree %s with its ports, and print its path alone', async (_how, told) => {
    const { cwd, hook, branches } = await shop();
    const { stdout } = await hook(['WorktreeCreate', 'web', 'api'], told);
    const path = join(cwd, '.claude/worktrees/auth');
    expect(stdout).toBe(`${path}\n`);
    expect(await branches()).toContain('worktree-auth');
    const held = await heldBy(path);
    expect(held.map(({ serviceName, conversationId }) => [serviceName, conversationId])).toEqual([
      ['web', 's-1'],
      ['api', 's-1'],
    ]);
    expect(await readFile(join(path, '.env.local'), 'utf8')).toContain(`WEB_PORT=${held[0]?.port}\n`);
  });

  it('make it where they are told to', async () => {
    const { cwd, hook } = await shop();
    const base = join(cwd, '../elsewhere');
    expect(await hook(['WorktreeCreate'], { name: 'one', base_path: base })).toMatchObject({ stdout: `${base}/one\n` });
    expect(await hook(['WorktreeCreate'], { worktree_path: `${base}/two` })).toMatchObject({ stdout: `${base}/two\n` });
  });

  it('answer the same worktree again', async () => {
    const { hook } = await shop();
    const first = await hook(['WorktreeCreate'], { name: 'auth' });
    expect((await hook(['WorktreeCreate'], { name: 'auth' })).stdout).toBe(first.stdout);
    expect(await heldBy(first.stdout.trim())).toHaveLength(1);
  });

  it('make and remove it without a registry too, and say so', async () => {
    const { cwd, git, hook } = await shop();
    const unreachable = { WHARFINGER_URL: 'http://127.0.0.1:1/graphql' };
    const made = await hook(['WorktreeCreate'], { name: 'auth' }, unreachable);
    expect(made.stderr).toMatch(/^wharfinger: The worktree has no ports yet: No registry answers .*\n$/);
    const path = join(cwd, '.claude/worktrees/auth');
    const removed = await hook(['WorktreeRemove'], { worktree_path: path }, unreachable);
    expect(removed.stderr).toMatch(/^wharfinger: Its ports are released when .*\n$/);
    expect(await git('worktree', 'list')).not.toContain('auth');
    const off = { ...unreachable, ENABLE_PORT_MANAGEMENT: 'false' };
    expect(await hook(['WorktreeCreate'], { name: 'auth' }, off)).toEqual({ stdout: `${path}\n`, stderr: '' });
  });

  it('remove a worktree with all that is in it, release its ports, and keep a branch that has commits', async () => {
    const { git, hook, branches } = await shop();
    const [empty = '', worked = ''] = await Promise.all(
      ['empty', 'worked'].map(async (name) => (await hook(['WorktreeCreate'], { name })).stdout.trim()),
    );
    await writeFile(join(empty, 'draft.txt'), 'not committed');
    await git('-C', worked, 'commit', '--quiet', '--allow-empty', '--message', 'Work');
    for (const path of [empty, worked]) {
      expect(await hook(['WorktreeRemove'], { worktree_path: path })).toEqual({ stdout: '', stderr: '' });
      expect(await heldBy(path)).toEqual([]);
    }
    expect(await git('worktree', 'list')).not.toMatch(/empty|worked/);
    expect((await branches()).filter((name) => name.startsWith('worktree-'))).toEqual(['worktree-worked']);
  });

  it('release production ports of their own session, and say which ports of others stay held', async () => {
    const { git, hook } = await shop();
    const client = openClient({ url: server().url });
    const [own = '', foreign = ''] = await Promise.all(
      ['own', 'foreign'].map(async (name) => (await hook(['WorktreeCreate'], { name })).stdout.trim()),
    );
    const claim = { serviceName: 'shop', environment: Environment.PRODUCTION };
    granted(await client.allocatePort({ ...claim, owner: { worktreePath: own } }));
    const { allocation } = granted(await client.allocatePort({ ...claim, owner: { worktreePath: foreign } }));
    expect(await hook(['WorktreeRemove'], { worktree_path: own })).toEqual({ stdout: '', stderr: '' });
    const { stderr } = await hook(['WorktreeRemove'], { worktree_path: foreign, session_id: 's-2' });
    expect(stderr).toContain(`wharfinger: Its ports stay held: Port ${allocation.port} `);
    expect(await git('worktree', 'list')).not.toMatch(/own|foreign/);
    expect([await heldBy(own), await heldBy(foreign)]).toEqual([[], [expect.anything(), expect.anything()]]);
  });

  it.each([
    ['WorktreeCreate', 'no JSON', 'reads what Claude Code tells its hooks'],
    ['WorktreeCreate', { cwd: 7 }, 'reads what Claude Code tells its hooks'],
    ['WorktreeCreate', { name: '../../etc' }, 'no name for a worktree'],
    ['WorktreeCreate', { name: '-x' }, 'no name for a worktree'],
    ['WorktreeRemove', {}, 'reads what Claude Code tells its hooks'],
    ['WorktreeRemove', { worktree_path: '.' }, 'is the main worktree'],
    ['WorktreeRemove', { worktree_path: '/src/elsewhere' }, 'has no worktree /src/elsewhere'],
  ])('%s refuses %j', async (event, told, message) => {
    const { git, hook } = await shop();
    await expect(hook([event], told)).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
    expect((await git('worktree', 'list')).trim().split('\n')).toHaveLength(1);
  });
});
