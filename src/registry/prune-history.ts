import { pruneHistory as pruneNext } from '../domain/cleanup.ts';
import { decided } from '../domain/decision.ts';
import { hasOldHistory } from '../storage/pruning.ts';
import type { RegistryContext } from './context.ts';
import { readHistoryLimit } from './history-limit.ts';
import { expectsNothing } from './operation.ts';

/**
 * Deletes what is left of the history that is old now, of the observed host's allocations and of all events and
 * conflicts: a part each time that it is asked for the next one, in a transaction of its own. Yields how many
 * allocations the part deleted, and ends when nothing is left.
 */
export async function* pruneHistory(context: RegistryContext): AsyncGenerator<number, void> {
  const { hostName, database, writer } = context;
  const before = await readHistoryLimit(context);
  while (await hasOldHistory(database, before, hostName)) {
    yield await writer.submit({
      name: 'prune',
      hosts: [],
      reads: { history: { before, hostName } },
      expects: expectsNothing,
      decide: ({ ledger }) => decided(pruneNext({ before, historyOf: hostName }, ledger).length),
    });
  }
}
