import {
  access,
  constants,
  type FileHandle,
  lstat,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** A file as it was found, or the place of one that is not there. */
export interface FoundFile {
  /** Real: where a link leads, not the link. */
  readonly path: string;
  /** A character for each byte, whatever their encoding, so that they can be written back as they were; null where there is no file. */
  readonly bytes: string | null;
}

/** A file is not written, for a reason that a person can do something about. The message names it first. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/**
 * Finds a file of a directory, and reads it. A link is followed where it stays inside. Throws a FileRefused where the
 * path leads out of the directory or into a repository, and where there is something that is no file, or may not be written.
 */
export async function findFile(directory: string, name: string): Promise<FoundFile> {
  const root = await realpath(directory);
  const path = await resolveLinks(join(root, name), name);
  const way = relative(root, path);
  const segments = way.split(sep);
  if (isAbsolute(name) || isAbsolute(way) || way === '' || segments[0] === '..') {
    throw new FileRefused(`${name} leads out of ${directory}: make it a file of its own there.`);
  }
  if (segments.some((segment) => segment.toLowerCase() === '.git')) {
    throw new FileRefused(`${name} leads into the git repository, where only git writes.`);
  }
  return { path, bytes: await readIfThere(path, name) };
}

/** The real path of a file, and where one would be that is not there. */
async function resolveLinks(path: string, name: string): Promise<string> {
  const isThere = await unlessMissing(lstat(path), name);
  const real = await unlessMissing(realpath(isThere ? path : dirname(path)), name);
  if (real !== null) return isThere ? real : join(real, basename(path));
  const remedy = isThere ? 'is a link to something that is not there: delete it' : 'is in no directory: make one';
  throw new FileRefused(`${name} ${remedy}.`);
}

async function readIfThere(path: string, name: string): Promise<string | null> {
  const stat = await unlessMissing(lstat(path), name);
  if (stat === null) return null;
  if (!stat.isFile()) {
    throw new FileRefused(`${name} is ${stat.isDirectory() ? 'a directory' : 'no file'}: move it out of the way.`);
  }
  // What is replaced need not be writable: that somebody said it is not to be written counts all the same.
  await unlessMissing(access(path, constants.W_OK), name);
  return unlessMissing(readFile(path, 'latin1'), name);
}

/** What is asked about a path; null where nothing is there. Throws a FileRefused where it is not to be had. */
async function unlessMissing<Answer>(question: Promise<Answer>, name: string): Promise<Answer | null> {
  try {
    return await question;
  } catch (error) {
    const { code } = Object(error) as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw refusalOf(error, name);
  }
}

/** `what` may not be written, where that is the reason. */
function refusalOf(error: unknown, name: string, what = 'it'): FileRefused {
  const { code, message } = Object(error) as NodeJS.ErrnoException;
  const isForbidden = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  const reason = isForbidden ? `you may not write ${what} (${code}); change its permissions` : (code ?? message);
  return new FileRefused(`${name} cannot be written: ${reason}.`);
}

/**
 * Puts bytes, a character each, in the place of a file at once: whoever reads it, and whenever this process is killed,
 * there is the old one or the new one. Owner and permissions stay; `isExecutable` is for a file that is new. What is killed
 * may leave a temporary directory beside it, which nobody else may read and git ignores; a later write clears it away.
 */
export async function replaceFile(path: string, bytes: string, { isExecutable = false } = {}): Promise<void> {
  const [directory, name] = [dirname(path), basename(path)];
  const old = await lstat(path).catch(() => null);
  const mode = old && old.mode & 0o777;
  await clearLeftovers(directory);
  let temporary: string | undefined;
  try {
    temporary = await mkdtemp(join(directory, temporaryPrefix));
    await writeFile(join(temporary, '.gitignore'), '*\n'); // the file may have secrets, and its own name be ignored alone
    const file = await open(join(temporary, name), 'wx', mode ?? (isExecutable ? 0o777 : 0o666));
    try {
      await file.writeFile(bytes, 'latin1');
      if (old) await keepOwner(file, old);
      if (mode !== null) await file.chmod(mode); // whatever the umask
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(join(temporary, name), path);
  } catch (error) {
    throw refusalOf(error, name, `into ${directory}`);
  } finally {
    if (temporary !== undefined) await remove(temporary);
  }
}

const temporaryPrefix = '.wharfinger-';
/** No write takes as long. */
const leftoverAfterMs = 60 * 60 * 1_000;

/** Takes away what killed processes have left, and not what others are writing now. */
async function clearLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const ours = names.filter((name) => new RegExp(`^${temporaryPrefix}[0-9A-Za-z]{6}$`).test(name));
  for (const path of ours.map((name) => join(directory, name))) {
    const stat = await lstat(path).catch(() => null); // hardly ever more than one
    if (stat && stat.mtimeMs < Date.now() - leftoverAfterMs) await remove(path);
  }
}

/** What counts is whether the file was written. */
const remove = (path: string) => rm(path, { recursive: true, force: true }).catch(() => undefined);

/** Root writes in the place of anybody; everybody else has to own the file, or leave it to the new owner. */
async function keepOwner(
  file: FileHandle,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const is = await file.stat();
  if (is.uid === uid && is.gid === gid) return;
  await file.chown(uid, gid).catch(() => undefined);
}
