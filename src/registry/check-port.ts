import { checkPort as decideCheck, recommendPort as decideRecommendation, type PortCheck } from '../domain/check.ts';
import type { Surroundings } from '../domain/choose.ts';
import type { Decision } from '../domain/decision.ts';
import { Ledger } from '../domain/ledger.ts';
import { nobody, ownerKey } from '../domain/owner.ts';
import type { Environment } from '../domain/policy.ts';
import type { Port } from '../domain/port.ts';
import type { RangeExhausted } from '../domain/refusals.ts';
import { type LedgerReads, readLedger } from '../storage/ledger-reads.ts';
import { OccupancyCache } from '../storage/occupancy.ts';
import type { RegistryContext } from './context.ts';
import { replay } from './replay.ts';

/** What is known of one port of a host. */
export function checkPort(
  context: RegistryContext,
  input: { readonly port: Port; readonly host: string | null },
): Promise<PortCheck> {
  const hostName = input.host ?? context.hostName;
  const reads = { worktrees: [], services: [], ports: [{ hostName, port: input.port }] };
  return look(context, hostName, reads, (surroundings) => decideCheck(hostName, input.port, surroundings));
}

/** The port that a service without an owner would be given now; nothing is held. */
export function recommendPort(
  context: RegistryContext,
  input: { readonly serviceName: string; readonly environment: Environment; readonly host: string | null },
): Promise<PortCheck | RangeExhausted> {
  const { serviceName, environment } = input;
  const hostName = input.host ?? context.hostName;
  const service = { hostName, environment, serviceName, owner: ownerKey(nobody) };
  const reads = { worktrees: [], services: [service], ports: [] };
  return look(context, hostName, reads, (surroundings) =>
    decideRecommendation(hostName, environment, serviceName, surroundings),
  );
}

/** Decides on a view of its own, without a lock and without changes; probes what the decision wants probed. */
async function look<Outcome>(
  { database, prober, policy, clock, newId, random }: RegistryContext,
  hostName: string,
  reads: LedgerReads,
  decide: (surroundings: Surroundings) => Decision<Outcome>,
): Promise<Outcome> {
  const { number, worktrees, allocations } = await readLedger(database, reads);
  const cache = new OccupancyCache(policy.quarantineMs, clock);
  const occupancy = await cache.occupancy(database, hostName, number);
  const catalog = await cache.catalog(database, number);
  const occupancies = new Map([[hostName, occupancy]]);
  const draws: number[] = [];
  const probed = prober.view();
  while (true) {
    const ledger = new Ledger({ now: clock(), newId, catalog, occupancies, worktrees, allocations });
    const decision = decide({ ledger, policy, random: replay(draws, random), probed });
    if ('outcome' in decision) return decision.outcome;
    await prober.probe(hostName, decision.unprobed);
  }
}
