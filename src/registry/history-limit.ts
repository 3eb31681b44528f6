import { historyLimit } from '../domain/observed-time.ts';
import { readHostTimes } from '../storage/ledger-reads.ts';
import type { RegistryContext } from './context.ts';

/** Before when history is old now. A clock that jumps ahead makes none of it old: the observed host's scans must have seen the time pass. */
export async function readHistoryLimit({ database, hostName, policy, clock }: RegistryContext): Promise<Date> {
  const { observedTime } = await readHostTimes(database, hostName);
  return historyLimit(clock(), observedTime, policy.cleanup.historyMs);
}
