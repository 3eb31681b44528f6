import { configuredPort } from './catalog.ts';
import { type Decision, decided, type Identified, type Probed } from './decision.ts';
import type { Ledger } from './ledger.ts';
import { isOwnListener, type PlacedListener } from './listeners.ts';
import { isResting } from './occupancy.ts';
import { ownerOfPort } from './owner.ts';
import {
  type Environment,
  environmentOf,
  isPrivileged,
  isWithin,
  type Policy,
  type UnavailableReason,
} from './policy.ts';
import type { Port } from './port.ts';
import { PortUnavailable } from './refusals.ts';

/** For whom, and for what, a port is looked at. */
export interface PortSeeker {
  readonly hostName: string;
  readonly environment: Environment;
  /** The owner's key. */
  readonly owner: string;
  readonly codebaseId: string | null;
}

/** What the choice of a port goes by. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly probed: Probed;
  readonly identified: Identified;
  /** Between 0 and 1, as Math.random. */
  readonly random: () => number;
}

/** Everything that keeps a port from being allocated to this seeker, listeners aside where nobody has looked. */
export function reasonsAgainst(
  port: number,
  seeker: PortSeeker,
  { ledger, policy, probed }: Surroundings,
): UnavailableReason[] {
  const { hostName, environment, owner, codebaseId } = seeker;
  const occupancy = ledger.occupancy(hostName);
  const reasons: UnavailableReason[] = [];
  if (occupancy.isHeld(port)) reasons.push('ALLOCATED');
  if (environmentOf(port, policy) !== environment) reasons.push('OUT_OF_RANGE');
  if (isPrivileged(port)) reasons.push('PRIVILEGED');
  if (policy.reserved.has(port)) reasons.push('RESERVED');
  if (ledger.catalog.isConfiguredElsewhere(port, codebaseId)) reasons.push('CONFIGURED_ELSEWHERE');
  const rest = occupancy.lastRelease(port);
  if (rest && rest.owner !== owner && isResting(rest, ledger.now, policy)) reasons.push('QUARANTINED');
  if (probed(hostName, port) === 'listening') reasons.push('LISTENING');
  return reasons;
}

/** Who listens on a port: nobody, somebody who cannot be told, or undefined where that must be found out first. */
export function listenerOn(
  port: number,
  hostName: string,
  { probed, identified }: Surroundings,
): PlacedListener | null | undefined {
  return probed(hostName, port) === 'listening' ? identified(hostName, port) : null;
}

/**
 * Whether the seeker's own listener is on a port: then that is no obstacle to having it by number, or
 * again. Undefined where it must be found out first.
 */
export function isOwnedListener(port: number, seeker: PortSeeker, surroundings: Surroundings): boolean | undefined {
  const owner = ownerOfPort(seeker);
  if (owner.worktreePath === null && owner.codebaseId === null) return false;
  const listener = listenerOn(port, seeker.hostName, surroundings);
  return listener === undefined ? undefined : listener !== null && isOwnListener(listener, owner);
}

/** The port that the codebase configures for a service, and the one that the service held before: in order of preference. */
export function favourites(seeker: PortSeeker, serviceName: string, ledger: Ledger): Port[] {
  const { codebaseId } = seeker;
  const codebase = codebaseId === null ? undefined : ledger.catalog.get(codebaseId);
  const configured = codebase ? configuredPort(codebase, serviceName) : null;
  const former = ledger.formerPort({ ...seeker, serviceName });
  return [configured, former].filter((port): port is Port => port !== null);
}

const randomTries = 20;

/** Free ports of the seeker's range, best first by the strategy, without those in `except`. */
export function* freePorts(
  seeker: PortSeeker,
  surroundings: Surroundings,
  except: ReadonlySet<number>,
): Generator<Port> {
  const { ledger, policy, random } = surroundings;
  const range = policy.ranges[seeker.environment];
  const isFree = (port: number) => !except.has(port) && reasonsAgainst(port, seeker, surroundings).length === 0;
  if (policy.strategy === 'random') {
    // A few draws find a port in a range that has room; in a full one, the scan below is sooner done.
    for (let draw = 0; draw < randomTries; draw++) {
      const port = range.start + Math.floor(random() * (range.end - range.start + 1));
      if (isFree(port)) yield port as Port; // inside a span of ports
    }
  }
  for (const port of ledger.occupancy(seeker.hostName).free(range)) {
    if (isFree(port)) yield port;
  }
}

const suggestionCount = 3;

/** The next free ports of the seeker's range above a port, then from the range's start. */
export function suggestPorts(port: Port, seeker: PortSeeker, surroundings: Surroundings): Port[] {
  const { ledger, policy } = surroundings;
  const range = policy.ranges[seeker.environment];
  const above = isWithin(port, range) ? { start: port, end: range.end } : range;
  const occupancy = ledger.occupancy(seeker.hostName);
  const found = new Set<Port>();
  for (const span of [above, range]) {
    for (const candidate of occupancy.free(span)) {
      if (found.size === suggestionCount) break;
      if (candidate !== port && reasonsAgainst(candidate, seeker, surroundings).length === 0) found.add(candidate);
    }
  }
  return [...found];
}

interface RefusedPort {
  readonly port: Port;
  readonly reasons: readonly UnavailableReason[];
  /** Default: one that is made of the reasons, the holder and the alternatives. */
  readonly message?: string;
}

/** Refuses a port with its holder and free alternatives, once these have been probed. */
export function refusePort(
  { port, reasons, message }: RefusedPort,
  seeker: PortSeeker,
  surroundings: Surroundings,
): Decision<PortUnavailable> {
  const { hostName, environment } = seeker;
  const suggestions = suggestPorts(port, seeker, surroundings);
  const listener = listenerOn(port, hostName, surroundings);
  const unprobed = suggestions.filter((suggestion) => surroundings.probed(hostName, suggestion) === undefined);
  if (listener === undefined) unprobed.push(port);
  if (listener === undefined || unprobed.length > 0) return { unprobed };
  const holder = surroundings.ledger.holder(hostName, port) ?? null;
  const range = surroundings.policy.ranges[environment];
  const facts = { hostName, environment, range, port, reasons, holder, listener, suggestions };
  return decided(new PortUnavailable(facts, message));
}
