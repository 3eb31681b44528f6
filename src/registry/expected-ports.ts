import type { Probed } from '../domain/decision.ts';
import { isResting, type Occupancy } from '../domain/occupancy.ts';
import type { Environment, Policy } from '../domain/policy.ts';
import type { Operation } from './operation.ts';

/** An operation that waits to be decided, and how it went so far. */
export interface Expecting {
  readonly operation: Operation<unknown>;
  /** How often it has been decided without an outcome. */
  rounds: number;
  /** What its last decision wanted probed. */
  unprobed: readonly number[];
}

interface Knowledge {
  readonly policy: Policy;
  readonly glance: (hostName: string) => Occupancy | undefined;
  readonly probed: Probed;
  readonly now: Date;
}

/**
 * The ports of each host that a batch will probably be given or asked about. A port that is missing
 * costs its operation another round, one too many costs a probe.
 */
export function expectedPorts(batch: readonly Expecting[], knowledge: Knowledge): Map<string, Set<number>> {
  const expected = new Map<string, Set<number>>();
  const automatic: { hostName: string; environment: Environment; count: number }[] = [];
  for (const { operation, unprobed, rounds } of batch) {
    const { hosts, expects } = operation;
    const hostName = hosts === 'everything' ? undefined : hosts[0];
    if (hostName === undefined) continue;
    const ports = expected.get(hostName) ?? new Set();
    expected.set(hostName, ports);
    for (const port of [...expects.ports, ...unprobed]) ports.add(port);
    if (!expects.automatic) continue;
    // A random port is in `unprobed` once it is drawn; who draws in vain in a full range takes the lowest.
    if (knowledge.policy.strategy === 'random' && rounds < 2) continue;

    // Where others' listeners were in the way, look further ahead each time.
    const count = expects.automatic.count + (rounds > 0 ? 2 ** rounds : 0);
    const { environment } = expects.automatic;
    const same = automatic.find((each) => each.hostName === hostName && each.environment === environment);
    if (same) same.count += count;
    else automatic.push({ hostName, environment, count });
  }
  for (const { hostName, environment, count } of automatic) {
    for (const port of lowestFree(hostName, environment, count, knowledge)) expected.get(hostName)?.add(port);
  }
  return expected;
}

/** The ports of each host that a batch asks for by number: of these it matters whose a listener is. */
export function portsByNumber(batch: readonly Expecting[]): Map<string, number[]> {
  const asked = new Map<string, number[]>();
  for (const { operation, unprobed } of batch) {
    const [hostName] = operation.hosts === 'everything' ? [] : operation.hosts;
    if (hostName === undefined) continue;
    const ports = asked.get(hostName) ?? [];
    asked.set(hostName, ports);
    ports.push(...operation.expects.ports, ...unprobed);
  }
  return asked;
}

/** The lowest ones at rest too, as many again: they are for their former owners only, who may be among the callers. */
function lowestFree(hostName: string, environment: Environment, count: number, knowledge: Knowledge): number[] {
  const { policy, glance, probed, now } = knowledge;
  const occupancy = glance(hostName);
  const rested: number[] = [];
  const resting: number[] = [];
  for (const port of occupancy?.free(policy.ranges[environment]) ?? []) {
    if (rested.length === count) break;
    if (policy.reserved.has(port) || probed(hostName, port) === 'listening') continue;
    const rest = occupancy?.lastRelease(port);
    if (!rest || !isResting(rest, now, policy)) rested.push(port);
    else if (resting.length < count) resting.push(port);
  }
  return [...rested, ...resting];
}
