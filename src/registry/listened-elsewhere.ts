import { currentSince } from '../domain/told-liveness.ts';
import type { ListenedElsewhere } from '../observer/prober.ts';
import type { Database } from '../storage/database.ts';
import { readListenedPorts } from '../storage/listener-reads.ts';

interface Sources {
  readonly hostName: string;
  readonly database: Database;
  readonly clock: () => Date;
  readonly scanIntervalMs: number;
}

/** What other hosts' observers saw at their last look, as long as that holds; the observed host is probed instead. */
export function createListenedElsewhere({ hostName, database, clock, scanIntervalMs }: Sources) {
  return async (hostNames: readonly string[]): Promise<ListenedElsewhere> => {
    const others = hostNames.filter((name) => name !== hostName);
    if (others.length === 0) return new Map();
    return readListenedPorts(database, others, currentSince(clock(), scanIntervalMs));
  };
}
