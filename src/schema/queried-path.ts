import { InvalidInput } from '../domain/refusals.ts';
import { canonicalPath, isAbsolutePath } from '../registry/owner-paths.ts';

/** The canonical form of a worktree's path that a query names in `field`; refuses one that is not absolute. */
export async function queriedPath(path: string, field: string, isObserved: boolean): Promise<string> {
  if (!isAbsolutePath(path) || path.includes('\0')) {
    throw new InvalidInput([
      { path: [field], message: `It is an absolute path, which "${path.slice(0, 80)}" is not.` },
    ]);
  }
  return canonicalPath(path, isObserved);
}
