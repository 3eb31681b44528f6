import type { AllocationRequest, ServiceRequest } from './allocate.ts';
import {
  favourites,
  freePorts,
  isOwnedListener,
  listenerOn,
  type PortSeeker,
  reasonsAgainst,
  refusePort,
  type Surroundings,
} from './choose.ts';
import { allocatedWhileListening } from './conflicts.ts';
import { type Decision, decided } from './decision.ts';
import type { Port } from './port.ts';
import { InvalidInput, type PortUnavailable, RangeExhausted } from './refusals.ts';
import type { Allocation } from './registry-model.ts';

/**
 * Which service of a request gets which port. Its steps are taken in their order, each by all plans of a group
 * before the next: exact ports are given out first, then preferred ones, then configured and former ones,
 * then free ones, so that none takes what another asked for. A step answers only where it cannot be taken.
 */
export class AllocationPlan {
  readonly #request: AllocationRequest;
  readonly #seeker: PortSeeker;
  readonly #surroundings: Surroundings;
  readonly #held = new Map<number, Allocation>();
  readonly #ports = new Map<number, Port>();
  /** What the plans of the group have taken so far. */
  readonly #taken: Set<number>;
  /** Ports of which somebody must find out first who listens there. */
  readonly #unidentified = new Set<number>();

  constructor(request: AllocationRequest, seeker: PortSeeker, surroundings: Surroundings, taken: Set<number>) {
    this.#taken = taken;
    this.#request = request;
    this.#seeker = seeker;
    this.#surroundings = surroundings;
  }

  held(index: number): Allocation | undefined {
    return this.#held.get(index);
  }

  port(index: number): Port {
    const port = this.#ports.get(index);
    if (port === undefined) throw new Error('A service of the plan has no port.');
    return port;
  }

  /** Whether the plan may come out differently once it is known who listens on a port that was wished for. */
  get isUndecided(): boolean {
    return this.#unidentified.size > 0;
  }

  /** What must be probed, or whose listener must be found out, before the plan is carried out. */
  unprobed(): number[] {
    const { probed } = this.#surroundings;
    const planned = [...this.#ports.values()].filter((port) => probed(this.#request.hostName, port) === undefined);
    return [...planned, ...this.#unidentified];
  }

  /** Raises a conflict where a port was taken by force from under somebody else's listener. */
  warn(index: number, allocation: Allocation): void {
    const { hostName, services, force } = this.#request;
    const exact = services[index]?.exactPort;
    if (!force || exact == null || this.#surroundings.probed(hostName, exact) !== 'listening') return;
    if (this.#isOwnListener(exact)) return;
    const listener = listenerOn(exact, hostName, this.#surroundings) ?? null;
    this.#surroundings.ledger.conflicts.raise(allocatedWhileListening(allocation, listener));
  }

  /** What the owner holds for a service already stays. */
  keepHeld(): Decision<InvalidInput> | undefined {
    for (const [index, { serviceName, exactPort }] of this.#request.services.entries()) {
      const held = this.#surroundings.ledger.held({ ...this.#seeker, serviceName });
      const allocation = exactPort === null ? held[0] : (held.find(({ port }) => port === exactPort) ?? held[0]);
      if (!allocation) continue;
      if (exactPort !== null && allocation.port !== exactPort) {
        const message = `The service "${serviceName}" already holds port ${allocation.port}: release it first, or ask without an exact port to get it again.`;
        return decided(new InvalidInput([{ path: ['services', String(index), 'exactPort'], message }]));
      }
      this.#held.set(index, allocation);
    }
    return undefined;
  }

  takeExact(): Decision<PortUnavailable> | undefined {
    for (const [index, { exactPort }] of this.#open()) {
      if (exactPort === null) continue;
      const reasons = this.#reasonsAgainstNamed(exactPort).filter(
        (reason) => !(reason === 'LISTENING' && this.#request.force),
      );
      if (this.#taken.has(exactPort)) reasons.unshift('ALLOCATED');
      if (reasons.length > 0) return refusePort({ port: exactPort, reasons }, this.#seeker, this.#surroundings);
      this.#take(index, exactPort);
    }
    return undefined;
  }

  /** Never refuses: a wish that cannot be granted falls back to the next step. */
  takePreferred(): undefined {
    for (const [index, { preferredPort }] of this.#open()) {
      if (preferredPort !== null && this.#isFree(preferredPort)) this.#take(index, preferredPort);
    }
  }

  takeFavourites(): undefined {
    for (const [index, { serviceName }] of this.#open()) {
      const wishes = favourites(this.#seeker, serviceName, this.#surroundings.ledger);
      const port = wishes.find((wish) => this.#isFree(wish));
      if (port !== undefined) this.#take(index, port);
    }
  }

  takeFree(): Decision<RangeExhausted> | undefined {
    const ports = freePorts(this.#seeker, this.#surroundings, this.#taken);
    const open = this.#open();
    for (const [free, [index]] of open.entries()) {
      const { value: port } = ports.next();
      if (port === undefined) {
        const { hostName, environment } = this.#seeker;
        const range = this.#surroundings.policy.ranges[environment];
        return decided(new RangeExhausted({ hostName, environment, range, wanted: open.length, free }));
      }
      this.#take(index, port);
    }
    return undefined;
  }

  /** The services that have no port yet. */
  #open(): [number, ServiceRequest][] {
    return [...this.#request.services.entries()].filter(([index]) => !this.#held.has(index) && !this.#ports.has(index));
  }

  #take(index: number, port: Port): void {
    this.#ports.set(index, port);
    this.#taken.add(port);
  }

  #isFree(port: Port): boolean {
    return !this.#taken.has(port) && this.#reasonsAgainstNamed(port).length === 0;
  }

  /** The reasons against a port that is asked for by number, or is a favourite: the seeker's own listener is none. */
  #reasonsAgainstNamed(port: Port) {
    const reasons = reasonsAgainst(port, this.#seeker, this.#surroundings);
    if (!reasons.includes('LISTENING') || !this.#isOwnListener(port)) return reasons;
    return reasons.filter((reason) => reason !== 'LISTENING');
  }

  #isOwnListener(port: Port): boolean {
    const isOwn = isOwnedListener(port, this.#seeker, this.#surroundings);
    if (isOwn === undefined) this.#unidentified.add(port);
    return isOwn ?? false;
  }
}
