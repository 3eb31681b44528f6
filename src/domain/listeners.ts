import type { SeenListener } from './observation.ts';
import { isPartyOf, type OwnerOfPort } from './owner.ts';
import type { Listener, Worktree } from './registry-model.ts';

/** The registered worktrees of a host, or those of them that may matter, by path. */
export type WorktreesByPath = ReadonlyMap<string, Worktree>;

/** A listener, and where it runs. */
export interface PlacedListener {
  readonly seen: SeenListener;
  readonly worktrees: WorktreesByPath;
}

/** The worktree that a directory lies in: of several around it, the innermost. */
export function worktreeAround(directory: string | null, worktrees: WorktreesByPath): Worktree | null {
  for (const path of pathsAround(directory)) {
    const worktree = worktrees.get(path);
    if (worktree) return worktree;
  }
  return null;
}

/** A directory, its parent, and so on up to the root. */
export function* pathsAround(directory: string | null): Generator<string> {
  let path = directory;
  const isPosix = directory?.startsWith('/'); // where a backslash is a letter like any other
  while (path) {
    yield path;
    const end = Math.max(path.lastIndexOf('/'), isPosix ? -1 : path.lastIndexOf('\\'));
    if (end < 0) return;
    path = end === 0 && path.length > 1 ? path.slice(0, 1) : path.slice(0, end);
  }
}

/** Whose listener it is, as far as can be told. */
export type Bearing = 'owner' | 'squatter' | 'unclear';

/**
 * Whether what listens on a port is its owner's. A false alarm is worse than a missed one, so:
 *
 * 1. The process runs inside the owner's worktree: the owner's.
 * 2. A parent, or an ancestor in the same session, runs inside the owner's worktree: the owner's. So a
 *    server that lives elsewhere and was started by the owner's shell is no stranger.
 * 3. The process runs inside another registered worktree: a squatter's. For an owner without a worktree, only
 *    where that one belongs to another codebase than the owner's.
 * 4. Otherwise it cannot be told; for an owner without a worktree it is taken for the owner's.
 *
 * A directory belongs to the innermost worktree around it.
 */
export function judgeListener({ seen, worktrees }: PlacedListener, owner: OwnerOfPort): Bearing {
  const own = owner.worktreePath;
  const directory = seen.process?.workingDirectory ?? null;
  if (own === null) {
    const around = worktreeAround(directory, worktrees);
    return around && !isPartyOf(around, owner) ? 'squatter' : 'owner';
  }
  const isInOwn = (each: string | null) => {
    for (const path of pathsAround(each)) {
      if (path === own) return true;
      if (worktrees.has(path)) return false;
    }
    return false;
  };
  const { ancestorDirectories = [] } = seen.process ?? {};
  if (isInOwn(directory) || ancestorDirectories.some(isInOwn)) return 'owner';
  return worktreeAround(directory, worktrees) ? 'squatter' : 'unclear';
}

/**
 * Whether a listener is certainly this owner's, so that it is no obstacle to giving the owner its port:
 * it runs in, or was started from, the owner's worktree, or in a worktree of the owner's codebase.
 */
export function isOwnListener(placed: PlacedListener, owner: OwnerOfPort): boolean {
  if (owner.worktreePath !== null) return judgeListener(placed, owner) === 'owner';
  const around = worktreeAround(placed.seen.process?.workingDirectory ?? null, placed.worktrees);
  return owner.codebaseId !== null && around?.codebaseId === owner.codebaseId;
}

/** What is kept and told of a listener. */
export function toListener({ seen, worktrees }: PlacedListener, hostName: string): Listener {
  const { port, addresses, process } = seen;
  return {
    hostName,
    port,
    addresses,
    processId: process?.id ?? null,
    processName: process?.name ?? null,
    command: process?.command ?? null,
    workingDirectory: process?.workingDirectory ?? null,
    worktreeId: worktreeAround(process?.workingDirectory ?? null, worktrees)?.id ?? null,
  };
}

/** What listens, as a part of a sentence: `node (process 4711) of worktree /src/shop`. */
export function describeListener({ seen, worktrees }: PlacedListener): string {
  const { process } = seen;
  if (!process) return 'a process that cannot be seen from here';
  const who = process.name ? `${process.name} (process ${process.id})` : `process ${process.id}`;
  const worktree = worktreeAround(process.workingDirectory, worktrees);
  if (worktree) return `${who} of worktree ${worktree.path}`;
  return process.workingDirectory === null ? who : `${who} in ${process.workingDirectory}`;
}
