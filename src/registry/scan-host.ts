import { decided } from '../domain/decision.ts';
import { decideScan, type ScanOutcome } from '../domain/scan.ts';
import { readWorktreePaths } from '../storage/ledger-reads.ts';
import { forgetScan } from '../storage/ledger-writes.ts';
import type { RegistryContext } from './context.ts';
import { lookAtPaths } from './look-at-paths.ts';
import { expectsNothing } from './operation.ts';

/** What a look at the observed host found, and what it changed. */
export interface ScanReport extends ScanOutcome {
  readonly hostName: string;
}

/**
 * Looks at the observed host's listeners and worktrees now, and brings the registry in line with them.
 * Throws DetectionFailed where the listeners cannot be seen; nothing is known of them from then on. `elapsedMs` is how
 * long ago the last scan began, as `timed` tells.
 */
export async function scanHost(context: RegistryContext, elapsedMs: number): Promise<ScanReport> {
  const { hostName, database, observer, writer, clock, scanIntervalMs } = context;
  const lookedAt = clock();
  const [listeners, ephemeralRange, paths] = await Promise.all([
    observer.listeners().catch(async (error: unknown) => {
      await forgetScan(database, hostName, clock());
      throw error;
    }),
    observer.ephemeralRange(),
    readWorktreePaths(database, hostName).then((paths) => lookAtPaths(context, paths)),
  ]);
  const outcome = await writer.submit({
    name: 'scan',
    hosts: [hostName],
    reads: { hosts: [hostName] },
    expects: expectsNothing,
    decide: (surroundings) =>
      decided(
        decideScan({ hostName, lookedAt, elapsedMs, scanIntervalMs, listeners, paths, ephemeralRange }, surroundings),
      ),
  });
  return { hostName, ...outcome };
}

/** Runs a job with how long before it the last one began that succeeded; 0 where that was the first, or the one before failed. */
export function timed<Result>(
  job: (elapsedMs: number) => Promise<Result>,
  monotonic: () => number,
): () => Promise<Result> {
  let lastMs: number | undefined;
  return async () => {
    const startedMs = monotonic();
    const elapsedMs = lastMs === undefined ? 0 : startedMs - lastMs;
    lastMs = undefined;
    const result = await job(elapsedMs);
    lastMs = startedMs;
    return result;
  };
}

/** Runs a job once for all who ask while it has not begun; whoever asks while it runs is given the next one. */
export function coalesced<Result>(job: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Result> | undefined;
  return () => {
    next ??= running
      .catch(() => {}) // whoever asked for it is told
      .then(() => {
        const started = job();
        running = started;
        next = undefined;
        return started;
      });
    return next;
  };
}
