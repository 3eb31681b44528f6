import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A directory with files, and packages of ours installed. */
export async function project(files: Readonly<Record<string, string>>, packages: readonly string[] = []) {
  const directory = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) await write(join(directory, name), text); // a handful
  await mkdir(join(directory, 'node_modules'), { recursive: true });
  for (const name of packages) await symlink(resolve('node_modules', name), join(directory, 'node_modules', name));
  return directory;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
}

interface Program {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program with Node until it prints `until`, and answers what it printed; fails where it ends before. */
export async function runUntil(until: RegExp, args: readonly string[], { cwd, env = {} }: Program): Promise<string> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // the leader of a group, which ends together
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
    await closed;
  });
  let printed = '';
  const said = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (until.test(printed)) done();
      });
    }
  });
  await Promise.race([said, closed]);
  if (!until.test(printed)) throw new Error(`${args.join(' ')} ended with ${child.exitCode}: ${printed}`);
  return printed;
}
