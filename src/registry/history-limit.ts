import { historyLimit } from '../domain/observed-time.ts';
import { readHostTimes } from '../storage/ledger-reads.ts';
import type { RegistryContext } from './context.ts';

/** Before when history is old now. A clock that jumps ahead makes none of it old: the observed host's scans must confirm that time has passed. */
export async function readHistoryLimit({ database, hostName, policy, clock }: RegistryContext): Promise<Date> {
  const { historyTime } = await readHostTimes(database, hostName);
  return historyLimit(clock(), historyTime, policy.cleanup.historyMs);
}
