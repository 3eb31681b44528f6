import { realpath, stat } from 'node:fs/promises';
import { dirname, join, posix, sep, win32 } from 'node:path';
import type { Owner } from '../domain/owner.ts';
import { InvalidInput } from '../domain/refusals.ts';

/** Whether a path is absolute on some platform: other hosts may run another one. */
export function isAbsolutePath(path: string): boolean {
  return posix.isAbsolute(path) || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

/** What an index entry takes beside the rest. */
const longestPathBytes = 1_024;

/**
 * An absolute path as the registry knows a worktree: normalised; on the observed host with symbolic
 * links resolved as far as the path exists, so that a worktree which is already gone from disk
 * keeps the name it had. Throws InvalidInput where that leads to a path that is too long to be kept.
 */
export async function canonicalPath(path: string, isObserved: boolean): Promise<string> {
  const flavour = posix.isAbsolute(path) ? posix : win32;
  const normal = withoutTrailingSeparator(flavour.normalize(path), flavour.sep);
  const resolved = isObserved && flavour.sep === sep ? await resolveExisting(normal) : normal;
  if (Buffer.byteLength(resolved) <= longestPathBytes) return resolved;
  const message = `The path's symbolic links lead to one of more than ${longestPathBytes} bytes.`;
  throw new InvalidInput([{ path: [], message }]);
}

/** The owner with its worktree's canonical path. */
export async function canonicalOwner(owner: Owner, isObserved: boolean): Promise<Owner> {
  if (owner.worktreePath === null) return owner;
  const worktreePath = await canonicalPath(owner.worktreePath, isObserved);
  return { ...owner, worktreePath, worktreeDevice: await deviceOf(worktreePath, isObserved) };
}

/** The file system of a worktree that is on this host's disk; null where it cannot be seen. */
export async function deviceOf(path: string, isObserved: boolean): Promise<number | null> {
  if (!isObserved) return null;
  const found = await stat(path).catch(() => undefined); // the looks at the host say what is missing
  return found?.isDirectory() ? found.dev : null;
}

async function resolveExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    if (parent === path) return path;
    return join(await resolveExisting(parent), path.slice(parent.length));
  }
}

function withoutTrailingSeparator(path: string, separator: string): string {
  const isRoot = path === separator || /^[A-Za-z]:\\$/.test(path);
  return path.endsWith(separator) && !isRoot ? path.slice(0, -1) : path;
}
