import { existsSync } from 'node:fs';
import { access, constants, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const noRights = [
  'this user may not read and write there',
  'Change its owner or its permissions (chown -R, chmod -R u+rwX)',
] as const;

/** What a machine can lack, by the system's error code, and what to do about it. */
const lacks: Readonly<Record<string, readonly [fact: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space'],
  EDQUOT: ['the disk quota is used up', 'Free some space'],
  EROFS: ['the file system is read-only', 'Mount it for writing'],
  EACCES: noRights,
  EPERM: noRights,
  EMFILE: ['too many files are open', 'Raise the limit of open files (ulimit -n)'],
  ENFILE: ['too many files are open on this machine', 'Close programs or raise the limit'],
  ENOMEM: ['there is no memory left', 'Close programs or add memory'],
  EIO: ['the disk reports errors', 'Check the disk and the system log'],
};

function findLack(error: unknown): NodeJS.ErrnoException | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException;
    if (code !== undefined && code in lacks) return each;
  }
  return undefined;
}

/** The system's code of an error that says what the machine lacks; undefined for any other error. */
export const lackOf = (error: unknown): string | undefined => findLack(error)?.code;

/** Why something could not be written to a directory, or to what is in it, and what to do. */
export function explainLack(error: unknown, directory: string): string {
  const { code = '', path = directory } = findLack(error) ?? {};
  const known = lacks[code];
  const [fact, remedy] = known ?? ['the system does not say why', 'See the log'];
  // What was about to be made is not there to be changed.
  const place = known === noRights && existsSync(path) ? path : directory;
  return `The registry cannot write to ${place}: ${fact}${code && ` (${code})`}. ${remedy}, then try again.`;
}

/** Throws the system's error, which names the place, where this user may not read and write everything in a tree. */
export async function requireRights(directory: string): Promise<void> {
  const { R_OK, W_OK, X_OK } = constants;
  await access(directory, R_OK | W_OK | X_OK);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const check = (entry: (typeof entries)[number]) =>
    access(join(entry.parentPath, entry.name), entry.isDirectory() ? R_OK | W_OK | X_OK : R_OK | W_OK);
  await Promise.all(entries.map(check));
}

/** What PGlite needs for one more segment of its log. */
const probeBytes = 16 << 20;
const chunk = Buffer.alloc(1 << 20);

/**
 * Tries to write and sync a file of `bytes` in a directory. Returns the error that the system gives, if any. The file
 * loses its name as soon as it is open, so that nothing of it stays, however the process ends.
 */
export async function tryToWrite(directory: string, bytes = probeBytes): Promise<unknown> {
  const path = join(directory, 'probe');
  const remove = () => rm(path, { force: true }).catch(() => {}); // it can lie on a file system that is read-only by now
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await remove();
      for (let written = 0; written < bytes; written += chunk.length) {
        await file.write(chunk, 0, Math.min(chunk.length, bytes - written)); // one after the other, as a file grows
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await remove(); // where an open file keeps its name
  }
}
