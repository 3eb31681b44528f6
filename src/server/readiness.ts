import { setTimeout as delay } from 'node:timers/promises';
import type { PathResolver } from '../observer/paths/path-resolver.ts';
import type { Database } from '../storage/database.ts';
import type { HostWatch } from './watch-host.ts';

export interface ReadinessSources {
  readonly database: Pick<Database, 'query' | 'health'>;
  readonly hostWatch: Pick<HostWatch, 'blindness' | 'lateness'>;
  readonly paths: Pick<PathResolver, 'trouble'>;
}

/** What /ready answers: by part of the server `ok`, or what is wrong with it and what to do. */
export interface Readiness {
  /** `unavailable`: nothing can be asked. `degraded`: all can, and some answers may be out of date or incomplete. */
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly [part: string]: string;
}

const databaseTimeoutMs = 1_500;

const diskSilent = 'The disk of the data directory does not answer. Check the disk and the system log.';

/** Asks the parts of the server how they are. It takes at most 1.5 s. */
export async function readReadiness({ database, hostWatch, paths }: ReadinessSources): Promise<Readiness> {
  const answer = database.query('SELECT 1').then(
    () => true,
    () => false,
  );
  const [answers, storage] = await Promise.all([
    Promise.race([answer, delay(databaseTimeoutMs, false, { ref: false })]),
    Promise.race([database.health().catch(() => diskSilent), delay(databaseTimeoutMs, diskSilent, { ref: false })]),
  ]);
  const troubles = { storage, detection: hostWatch.blindness(), scan: hostWatch.lateness(), paths: paths.trouble() };
  const isWell = Object.values(troubles).every((trouble) => trouble === undefined);
  const parts = Object.entries(troubles).map(([part, trouble]) => [part, trouble ?? 'ok'] as const);
  return {
    status: answers ? (isWell ? 'ready' : 'degraded') : 'unavailable',
    database: answers ? 'ok' : 'does not answer',
    ...Object.fromEntries(parts),
  };
}
