import type { Ledger } from './ledger.ts';
import type { CleanupPolicy } from './policy.ts';
import type { Worktree } from './registry-model.ts';

/** What an observer found at a path of its host. */
export interface PathSight {
  readonly exists: boolean;
  /** The file system of the path, or of the nearest directory above it that exists; null where none can be looked at. */
  readonly device: number | null;
}

/**
 * Whether a worktree is on disk, gone from it, or not to be seen from here. One that was never seen, or
 * whose file system is another one than when it was, may well exist elsewhere: on the other side of
 * a container, or on a volume that is not mounted now.
 */
export function presenceOf(worktree: Worktree, sight: PathSight): 'there' | 'gone' | 'not visible' {
  if (sight.exists) return 'there';
  return worktree.device !== null && worktree.device === sight.device ? 'gone' : 'not visible';
}

/** Writes which worktrees of a host are gone from disk, and how many scans in a row have agreed on it. */
export function observePaths(
  paths: ReadonlyMap<string, PathSight>,
  hostName: string,
  ledger: Ledger,
  { misses }: CleanupPolicy,
): void {
  for (const worktree of ledger.worktreesOn(hostName)) {
    const sight = paths.get(worktree.path);
    if (!sight) continue; // registered since the look
    const presence = presenceOf(worktree, sight);
    const seen: Worktree =
      presence === 'gone'
        ? {
            ...worktree,
            missingSince: worktree.missingSince ?? ledger.now,
            misses: Math.min(worktree.misses + 1, misses),
          }
        : {
            ...worktree,
            missingSince: null,
            misses: 0,
            device: presence === 'there' ? sight.device : worktree.device,
          };
    const isSame =
      seen.misses === worktree.misses &&
      seen.device === worktree.device &&
      seen.missingSince?.getTime() === worktree.missingSince?.getTime();
    if (!isSame) ledger.putWorktree(seen);
  }
}
