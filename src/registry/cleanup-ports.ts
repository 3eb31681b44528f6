import type { Surroundings } from '../domain/choose.ts';
import { type CleanupReport, decideCleanup } from '../domain/cleanup.ts';
import { readHostsInUse, readWorktreePaths } from '../storage/ledger-reads.ts';
import type { RegistryContext } from './context.ts';
import { readHistoryLimit } from './history-limit.ts';
import { look } from './look.ts';
import { lookAtPaths } from './look-at-paths.ts';
import { expectsNothing } from './operation.ts';

export interface CleanupInput {
  /** Null: all hosts. Only of the observed one anything is ever released. */
  readonly host: string | null;
  readonly dryRun: boolean;
}

/** Releases what is certainly no longer used, and deletes old history; or says what would be done, and does nothing. */
export async function cleanupPorts(context: RegistryContext, { host, dryRun }: CleanupInput): Promise<CleanupReport> {
  const { hostName: observedHost, database, clock } = context;
  const hostNames = host === null ? [...new Set([observedHost, ...(await readHostsInUse(database))])] : [host];
  const lookedAt = clock();
  const paths = await lookAtPaths(context, await readWorktreePaths(database, observedHost));
  const historyBefore = await readHistoryLimit(context);
  const cleanup = {
    hosts: hostNames,
    reads: { hosts: hostNames, history: { before: historyBefore, hostName: host } },
    decide: (surroundings: Surroundings) =>
      decideCleanup({ hostNames, historyOf: host, historyBefore, observedHost, paths, lookedAt }, surroundings),
  };
  if (dryRun) return look(context, cleanup);
  return context.writer.submit({ ...cleanup, name: 'cleanup', expects: expectsNothing });
}
