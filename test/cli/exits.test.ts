import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { embedded } from '../support/databases.ts';
import { shareServer } from '../support/server.ts';
import { spawnCommand } from '../support/spawned-server.ts';
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
  ])('ends with 2 where the command line is %j', async (args, message) => {
    const { wharfinger } = await wharfside(server());
    const exit = await wharfinger(...args);
    expect(exit).toMatchObject({ code: 2, stdout: '' });
    expect(exit.stderr).toContain(message);
    expect(exit.stderr).not.toMatch(/^\s+at /m);
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
