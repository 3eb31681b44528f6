import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { embedded } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';
import { program, spawnCommand } from '../support/spawned-server.ts';
import { wharfside } from './wharfinger.ts';

const unreachable = { WHARFINGER_URL: 'http://127.0.0.1:1/graphql' };

describe('a command that asks a registry', { timeout: 60_000 }, () => {
  const server = shareServer(embedded);

  it('ends with 3 and a line where none answers, also with --json', async () => {
    const exits = await Promise.all([
      spawnCommand(['allocate', 'web'], unreachable).exited,
      spawnCommand(['list', '--json'], unreachable).exited,
    ]);
    for (const exit of exits) {
      expect(exit).toMatchObject({ code: 3, stdout: '' });
      expect(exit.stderr).toMatch(/^wharfinger: No registry answers at [^\n]*`wharfinger serve`[^\n]*\n$/);
    }
  });

  it.each([
    [['allocate'], "missing required argument 'service'"],
    [['allocate', 'web', 'prd'], 'Did you mean prod?\nUsage: wharfinger allocate <service>'],
    [['check', 'web'], '"web" is no port'],
    [['list', '--surprise'], "unknown option '--surprise'"],
    [['list', '--codebase'], 'in no codebase'],
    [['list', '--url', 'quay:4280'], 'it takes one such as http://'],
    [['allocate', 'web', '--codebase', 'shpo'], 'The registry knows no codebase "shpo"'],
    [['serve', '--port'], 'argument missing'],
    [['watch', '--after', 'yesterday'], '--after takes the cursor of an event'],
  ])('ends with 2 where the command line is %j', async (args, message) => {
    const { wharfinger } = await wharfside(server());
    const exit = await wharfinger(...args);
    expect(exit).toMatchObject({ code: 2, stdout: '' });
    expect(exit.stderr).toContain(message);
    expect(exit.stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['a line break', 'se\ncret'],
    ['what is no Latin letter', 'secret日'],
  ])('ends with 2 where the token has %s, and does not show it', async (_what, token) => {
    const { code, stderr } = await spawnCommand(['list'], { ...unreachable, WHARFINGER_TOKEN: token }).exited;
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^wharfinger: WHARFINGER_TOKEN has .*\n$/)]);
    expect(stderr).not.toMatch(/se ?cret/);
  });

  it('does not show the password of a URL, nor its query', async () => {
    const [secret, query] = ['http://me:secret@127.0.0.1:1/', 'http://127.0.0.1:1/graphql?key=secret'];
    const exits = await Promise.all([
      spawnCommand(['list'], { WHARFINGER_URL: secret }).exited,
      spawnCommand(['list'], { WHARFINGER_URL: query }).exited,
      spawnCommand(['doctor', '--url', query]).exited,
    ]);
    expect(exits.map(({ code }) => code)).toEqual([2, 3, 1]);
    for (const { stdout, stderr } of exits) expect(stdout + stderr).not.toContain('secret');
  });

  it('prints a document where port management is switched off and JSON is asked for', async () => {
    const environment = { ...unreachable, ENABLE_PORT_MANAGEMENT: 'false' };
    const { stdout, stderr, code } = await spawnCommand(['list', '--json'], environment).exited;
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ code: 'SWITCHED_OFF', message: expect.stringContaining('switched off') });
  });

  it('does nothing and says so where port management is switched off', async () => {
    const { stdout, stderr, code } = await spawnCommand(['allocate', 'web'], {
      ...unreachable,
      ENABLE_PORT_MANAGEMENT: 'false',
    }).exited;
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('ENABLE_PORT_MANAGEMENT=false');
  });
});

describe.skipIf(process.platform === 'win32')('standard output', { timeout: 60_000 }, () => {
  const inShell = async (end: string) => {
    const words = [process.execPath, ...program()].map((word) => `'${word}'`).join(' ');
    const { stderr } = await promisify(execFile)('bash', ['-c', `${words} completion bash ${end}`]);
    return stderr;
  };

  it('may be closed by who reads it', async () => {
    expect(await inShell('| true; exit $PIPESTATUS')).toBe('');
  });

  it.skipIf(process.platform !== 'linux')('that cannot be written is told in a line', async () => {
    expect(await inShell('> /dev/full; test $? = 1')).toMatch(/^wharfinger: Standard output cannot .*ENOSPC.*\n$/);
  });
});

it('every command has help with examples and its flags', () => {
  const { commands } = createProgram();
  expect(commands.length).toBeGreaterThan(15);
  for (const command of commands) {
    expect(command.description(), command.name()).toMatch(/^[A-Z].*\.$/);
    let text = '';
    command.configureOutput({ writeOut: (written) => (text += written) }).outputHelp();
    expect(text).toMatch(new RegExp(`wharfinger ${command.name()}`));
  }
});

it('bash completes commands and flags', async () => {
  const { stdout: script } = await spawnCommand(['completion', 'bash']).exited;
  const complete = async (...words: string[]) => {
    const ask = `COMP_WORDS=(wharfinger ${words.join(' ')}); COMP_CWORD=${words.length}; _wharfinger; echo "\${COMPREPLY[*]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', `${script}\n${ask}`]);
    return stdout.trim().split(' ');
  };
  expect(await complete('al')).toEqual(['allocate']);
  expect(await complete('allocate', '--f')).toEqual(['--force']);
  expect(await complete('cleanup', '--d')).toEqual(['--dry-run']);
  expect(await complete('hooks', 'in')).toEqual(['install']);
  expect(await complete('hooks', 'install', '--js')).toEqual(['--json']);
  expect(await complete('import', 'scar')).toEqual(['scar-db']);
  expect(await complete('import', 'scar-db', '--at')).toEqual(['--atomic']);
});
