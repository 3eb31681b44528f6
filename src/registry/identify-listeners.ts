import { type PlacedListener, pathsAround } from '../domain/listeners.ts';
import type { SeenListener } from '../domain/observation.ts';
import type { Worktree } from '../domain/registry-model.ts';
import type { Observer } from '../observer/observer.ts';
import type { IdentifyListeners } from '../observer/prober.ts';
import type { Database } from '../storage/database.ts';
import { readWorktreesAt } from '../storage/ledger-reads.ts';

interface Sources {
  readonly hostName: string;
  readonly database: Database;
  readonly observer: Pick<Observer, 'listeners'>;
}

/** Finds out who listens on ports of the observed host, and in which worktrees. What cannot be found out is left out. */
export function createIdentifyListeners({ hostName, database, observer }: Sources): IdentifyListeners {
  return async (ports) => {
    const seen = await observer.listeners(ports).catch((): SeenListener[] => []); // the scans say so
    const paths = new Set(seen.flatMap(directoriesOf).flatMap((directory) => [...pathsAround(directory)]));
    const found = paths.size === 0 ? [] : await readWorktreesAt(database, hostName, [...paths]);
    const worktrees = new Map(found.map((worktree: Worktree) => [worktree.path, worktree]));
    const placed = new Map<number, PlacedListener>();
    for (const each of seen) {
      // Of several, one of which something can be told.
      if (placed.get(each.port)?.seen.process) continue;
      placed.set(each.port, { seen: each, worktrees });
    }
    return placed;
  };
}

function directoriesOf({ process }: SeenListener): string[] {
  const { workingDirectory, ancestorDirectories = [] } = process ?? {};
  return workingDirectory ? [workingDirectory, ...ancestorDirectories] : [...ancestorDirectories];
}
