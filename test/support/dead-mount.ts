import { execFile, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { temporaryDirectory } from './temporary-directory.ts';

/** Why no mount can be made here that stops to answer; undefined where one can. */
export const noDeadMounts: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'not on Linux';
  try {
    execFileSync('bindfs', ['--version'], { stdio: 'ignore' });
    closeSync(openSync('/dev/fuse', 'r+'));
    return process.getuid?.() === 0 ? undefined : 'not root';
  } catch (error) {
    return Object(error).code === 'ENOENT' ? 'no bindfs or no /dev/fuse' : '/dev/fuse cannot be opened';
  }
}

interface Mount {
  /** Where it is mounted. */
  readonly path: string;
  /** From now on, whoever asks for anything below waits for good. */
  stop(): void;
  resume(): void;
}

/** A FUSE mount of a directory with these in it, which a test can stop; unmounted when that ends. */
export async function mountDirectory(...names: string[]): Promise<Mount> {
  const base = await temporaryDirectory();
  const [source, path] = [join(base, 'source'), join(base, 'mount')];
  for (const directory of [path, ...names.map((name) => join(source, name))]) mkdirSync(directory, { recursive: true });
  const { dev } = await stat(path);
  const daemon = spawn('bindfs', ['-f', '--no-allow-other', source, path], { stdio: 'ignore' });
  onTestFinished(async () => {
    daemon.kill('SIGCONT');
    await promisify(execFile)('umount', ['--lazy', path]);
    daemon.kill('SIGKILL');
  });
  await vi.waitUntil(async () => (await stat(path)).dev !== dev, { timeout: 10_000 });
  return { path, stop: () => daemon.kill('SIGSTOP'), resume: () => daemon.kill('SIGCONT') };
}
