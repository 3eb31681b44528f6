import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where a data directory has what. */
export interface Paths {
  /** Everything that was acknowledged. */
  readonly journal: string;
  /** What versions before the journal had in its place. */
  readonly snapshot: string;
  /** PGlite's files, which are made from the journal where they cannot be trusted. */
  readonly cluster: string;
  /** When the cluster was last written. */
  readonly record: string;
}

export function pathsOf(directory: string): Paths {
  return {
    journal: join(directory, 'journal'),
    snapshot: join(directory, 'snapshot.ndjson'),
    cluster: join(directory, 'database'),
    record: join(directory, 'database.json'),
  };
}

/** The file with a data directory's registry: its journal, or the snapshot of a version that had none. */
export function registryFile(directory: string): string {
  const { journal, snapshot } = pathsOf(directory);
  return !existsSync(journal) && existsSync(snapshot) ? snapshot : journal;
}
