import { execFile } from 'node:child_process';
import { chmod, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookCommand, withHook, withoutHook } from '../../src/cli/hook-text.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const execute = promisify(execFile);
const call = { program: ['/usr/bin/node', '/opt/wharfinger/dist/cli/main.js'], services: [] };
const zeros = '0'.repeat(40);

/** The hook with the block in it; fails where it is refused. */
function installed(existing: string | null, services: readonly string[] = []): string {
  const text = withHook(existing, { ...call, services });
  if (text === undefined) throw new Error('It was refused.');
  return text;
}

const scripts = [
  '#!/bin/sh\necho mine\n',
  '#!/bin/sh',
  '#!/bin/sh\n',
  '#!/bin/sh\n\n\n',
  '#! /bin/sh -eu\necho mine',
  '#!/bin/bash\nset -euo pipefail\nexit 0\necho never\n',
  '#!/usr/bin/env bash\nread line; echo "$line"\n',
  '#!/usr/bin/env -S bash -e\nexit 0',
  '#!/usr/bin/dash\r\necho mine\r\n',
  '#!/bin/zsh -f\necho mine\n',
  '#!/usr/local/bin/ksh93/ksh\nexec git lfs post-checkout "$@"\n',
];

describe('a hook that is there already', () => {
  it.each(scripts)('is as it was once the block is taken out: %j', (script) => {
    const text = installed(script);
    expect(text).toContain(script.split('\n').slice(1).join('\n'));
    expect(withoutHook(text)).toBe(script);
    expect(installed(text)).toBe(text);
    expect(withoutHook(installed(text, ['web']))).toBe(script);
  });

  it('is as it was, whatever its lines', () => {
    const line = fc.constantFrom('exit 0', 'set -eu', '', '\r', 'read x', 'é', '(', 'cat <<E');
    const script = fc.tuple(fc.constantFrom(...scripts), fc.array(line), fc.constantFrom('\n', '\r\n'));
    fc.assert(
      fc.property(script, ([start, lines, lineBreak]) => {
        const text = [start, ...lines].join(lineBreak);
        expect(withoutHook(installed(text))).toBe(text);
      }),
    );
  });

  it.each([
    '#!/usr/bin/env python3\nprint(1)\n',
    '#!/usr/bin/env node\n',
    '#!/usr/bin/fish\n',
    '#!/bin/tcsh\n',
    'echo no shebang\n',
    '',
    '\x7fELF\0\0',
    `#!/bin/sh\n'''exec' /opt/python "$0" "$@"\n' '''\nimport sys\n`,
    '#!/bin/sh\n# The next line is for sh alone \\\nexec tclsh "$0" "$@"\n',
  ])('takes no block where it is no shell script: %j', (script) => {
    expect(withHook(script, call)).toBeUndefined();
  });
});

describe('a hook that we made', () => {
  it('goes with its block', () => {
    expect(withoutHook(installed(null))).toBeNull();
    expect(withoutHook(installed(installed(null), ['web']))).toBeNull();
  });

  it('stays where somebody added to it', () => {
    expect(withoutHook(`${installed(null)}echo mine\n`)).toMatch(/^#!\/bin\/sh\n.*\necho mine\n$/);
  });
});

/** Runs a hook whose call of Wharfinger is a program that prints its arguments to standard error. */
async function run(
  script: string | null,
  { args = [zeros, 'b', '1'], env = {}, services = [] as string[], program = 'node', shell = 'sh' } = {},
) {
  const directory = await realpath(await temporaryDirectory());
  const main = join(directory, "it's main.js");
  await writeFile(main, "process.stdin.once('end', () => console.error(process.argv.slice(2).join(' '))).resume();");
  const node = program === 'node' ? process.execPath : join(directory, program);
  const text = withHook(script, { program: [node, main], services }) ?? '';
  const hook = join(directory, 'post-checkout');
  await writeFile(hook, text, 'latin1');
  await chmod(hook, 0o755);
  const running = execute(shell === 'hook' ? hook : shell, shell === 'hook' ? args : [hook, ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  running.child.stdin?.on('error', () => undefined).end('input\n'); // the script may not read it
  const { stdout, stderr } = await running;
  return { stdout, stderr };
}

describe('the block', () => {
  it.each(['sh', 'bash', 'hook'])('calls this installation where a worktree is new, in %s', async (shell) => {
    const services = ['web', "a'b; $(echo)", 'ü'];
    const { stdout, stderr } = await run(null, { services, shell });
    expect([stdout, stderr]).toEqual(['', `hooks run post-checkout -- ${services.join(' ')}\n`]);
  });

  it('takes zeros of any length, as of SHA-256', async () => {
    expect((await run(null, { args: ['0'.repeat(64), 'b', '1'] })).stderr).toBe('hooks run post-checkout\n');
  });

  it.each([
    ['another commit was checked out', { args: [`${zeros.slice(1)}a`, 'b', '1'] }],
    ['there are no arguments', { args: [] }],
    ['it is switched off', { env: { WHARFINGER_HOOKS: 'off' } }],
    ['there is no Wharfinger', { program: 'gone' }],
  ])('does nothing where %s', async (_why, options) => {
    expect(await run('#!/bin/sh -eu\necho mine\n', options)).toEqual({ stdout: 'mine\n', stderr: '' });
  });

  it('calls the one on the PATH where this installation is gone', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'wharfinger'), '#!/bin/sh\necho "found: $*" >&2\n', { mode: 0o755 });
    const env = { PATH: `${directory}:${process.env.PATH}` };
    const { stderr } = await run(null, { env, program: 'gone', services: ['web'] });
    expect(stderr).toBe('found: hooks run post-checkout -- web\n');
  });

  it.each([
    ['its arguments', '#!/bin/sh\necho "$# $1 $3"\n', `3 ${zeros} 1\n`],
    ['standard input', '#!/bin/sh\nread line; echo "$line"\n', 'input\n'],
    ['its status', '#!/bin/sh\necho $?\n', '0\n'],
    ['what it sets', '#!/bin/bash -eu\nset -o pipefail; echo "$-" | tr -dc eu\n', 'eu'],
    ['its own end', '#!/bin/sh\necho mine\nexit 0\necho never\n', 'mine\n'],
  ])('leaves the script %s', async (_what, script, stdout) => {
    expect(await run(script, { shell: 'hook' })).toEqual({ stdout, stderr: 'hooks run post-checkout\n' });
  });

  it('is told as one line to put into a hook of another kind', async () => {
    const command = hookCommand({ program: ['/opt/my node', '/opt/main.js'], services: ['web'] });
    expect(command).toBe("'/opt/my node' /opt/main.js hooks run post-checkout -- web");
  });
});
