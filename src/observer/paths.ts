import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PathSight } from '../domain/worktree-paths.ts';

/** Each look takes a thread of the few that Node has for files. */
const mostAtOnce = 16;

/** Whether directories exist on this host, and on which file system they are, or would be. */
export async function lookAtPaths(paths: readonly string[]): Promise<Map<string, PathSight>> {
  const sights = new Map<string, PathSight>();
  for (let start = 0; start < paths.length; start += mostAtOnce) {
    const some = paths.slice(start, start + mostAtOnce);
    const found = await Promise.all(some.map(lookAtPath));
    some.forEach((path, index) => {
      const sight = found[index];
      if (sight) sights.set(path, sight);
    });
  }
  return sights;
}

async function lookAtPath(path: string): Promise<PathSight> {
  const device = await deviceOf(path);
  if (typeof device === 'number') return { exists: true, device };
  return { exists: false, device: device === 'missing' ? await deviceAbove(path) : null };
}

/** Of the nearest directory above that exists: where the path would be. */
async function deviceAbove(path: string): Promise<number | null> {
  const parent = dirname(path);
  if (parent === path) return null;
  const device = await deviceOf(parent);
  if (device === 'missing') return deviceAbove(parent);
  return device === 'hidden' ? null : device;
}

/** What is no directory is as good as missing; what may not be looked at says nothing. */
async function deviceOf(path: string): Promise<number | 'missing' | 'hidden'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? found.dev : 'missing';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'hidden';
  }
}
