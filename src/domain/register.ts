import { type Claim, type Grant, newAllocation } from './allocate.ts';
import { refusePort, type Surroundings } from './choose.ts';
import { type Decision, decided } from './decision.ts';
import { fingerprint } from './fingerprint.ts';
import { forcedCause } from './forced.ts';
import type { Ledger } from './ledger.ts';
import { renew } from './liveness.ts';
import type { Owner } from './owner.ts';
import { identify } from './parties.ts';
import { environmentOf } from './policy.ts';
import { describeHolder, type InvalidInput, isRefusal, type NotFound, type PortUnavailable } from './refusals.ts';
import type { Allocation } from './registry-model.ts';

/** A known port of a service that exists. What is null is left as it is where it is registered already. */
export interface Registration extends Omit<Claim, 'publicHostnames'> {
  readonly publicHostnames: readonly string[] | null;
  readonly owner: Owner;
  /** Lets the port lie in another environment's range. */
  readonly force: boolean;
}

/**
 * Registers any port, reserved ones and those in use included, but not one in another environment's
 * range unless forced, and never one that another owner or service holds. Registering again brings
 * the description, the metadata and the hostnames up to date.
 */
export function decideRegistration(
  registration: Registration,
  surroundings: Surroundings,
): Decision<Grant | PortUnavailable | NotFound | InvalidInput> {
  const { ledger, policy } = surroundings;
  const { hostName, environment, port, serviceName, owner, force } = registration;
  const claimant = identify(ledger, hostName, owner);
  if (isRefusal(claimant)) return decided(claimant);
  const seeker = { hostName, environment, owner: claimant.key, codebaseId: claimant.codebaseId };

  const holder = ledger.holder(hostName, port);
  const sameService =
    holder?.owner === claimant.key && holder.serviceName === serviceName && holder.environment === environment;
  if (holder && sameService) {
    return decided({ allocation: bringUpToDate(holder, registration, ledger), created: false });
  }
  if (ledger.occupancy(hostName).isHeld(port)) {
    const held = holder ? describeHolder(holder) : `Port ${port} on ${hostName} is held`;
    const message = `${held}: release it there first, or register another port.`;
    return refusePort({ port, reasons: ['ALLOCATED'], message }, seeker, surroundings);
  }
  const rangeOf = environmentOf(port, policy);
  if (rangeOf !== undefined && rangeOf !== environment && !force) {
    const message = `Port ${port} on ${hostName} lies in the ${rangeOf} range, and "${serviceName}" is for ${environment}: register it for ${rangeOf}, or use force.`;
    return refusePort({ port, reasons: ['OUT_OF_RANGE'], message }, seeker, surroundings);
  }
  const claim = { ...registration, publicHostnames: registration.publicHostnames ?? [] };
  const allocation = ledger.record('registered', newAllocation(claim, claimant, ledger), forcedCause(registration));
  return decided({ allocation, created: true });
}

function bringUpToDate(held: Allocation, registration: Registration, ledger: Ledger): Allocation {
  const updated: Allocation = {
    ...held,
    description: registration.description ?? held.description,
    metadata: registration.metadata ?? held.metadata,
    publicHostnames: [...(registration.publicHostnames ?? held.publicHostnames)],
  };
  const changed = fingerprint(told(updated)) !== fingerprint(told(held));
  return changed ? ledger.record('registered', updated, forcedCause(registration)) : renew(held, ledger);
}

const told = ({ description, metadata, publicHostnames }: Allocation) => [description, metadata, publicHostnames];
