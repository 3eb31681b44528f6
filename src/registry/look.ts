import type { Surroundings } from '../domain/choose.ts';
import type { Decision } from '../domain/decision.ts';
import { type HostState, Ledger } from '../domain/ledger.ts';
import { neverScanned } from '../domain/observed-time.ts';
import { HostCopies } from '../storage/host-copies.ts';
import { type LedgerReads, readLedger } from '../storage/ledger-reads.ts';
import type { RegistryContext } from './context.ts';
import { replay } from './replay.ts';

/** A question that is decided as a change would be, and changes nothing. */
export interface Question<Outcome> {
  /** The first one is the one whose ports are probed. */
  readonly hosts: readonly string[];
  readonly reads: LedgerReads;
  decide(surroundings: Surroundings): Decision<Outcome>;
}

/**
 * Decides on a view of its own, without a lock; probes what the decision wants probed. What the decision
 * records is forgotten, so this is also how a change is tried out.
 */
export async function look<Outcome>(context: RegistryContext, question: Question<Outcome>): Promise<Outcome> {
  const { database, prober, listenedElsewhere, policy, clock, newId, random } = context;
  const { hosts, reads, decide } = question;
  const [probedHost] = hosts;
  const draws: number[] = [];
  const view = prober.view(await listenedElsewhere(hosts));
  while (true) {
    // Anew each time: a decision without an outcome may have recorded something before it found that out.
    const { number, worktrees, allocations, hostTimes } = await readLedger(database, { ...reads, looks: hosts });
    const copies = new HostCopies(policy.quarantineMs, clock);
    const states = new Map<string, HostState>();
    for (const hostName of hosts) {
      const copy = await copies.host(database, hostName, number); // few
      states.set(hostName, { ...copy, ...(hostTimes.get(hostName) ?? neverScanned) });
    }
    const catalog = await copies.catalog(database, number);
    const ledger = new Ledger({ now: clock(), newId, catalog, hosts: states, worktrees, allocations });
    const decision = decide({ ledger, policy, random: replay(draws, random), ...view });
    if ('outcome' in decision) return decision.outcome;
    if (probedHost === undefined) throw new Error('A question about no host wants ports probed.');
    await prober.probe(probedHost, decision.unprobed);
    await prober.identify(probedHost, decision.unprobed);
  }
}
