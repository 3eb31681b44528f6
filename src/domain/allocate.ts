import { AllocationPlan } from './allocation-plan.ts';
import type { Surroundings } from './choose.ts';
import { type Decision, decided } from './decision.ts';
import { forcedCause } from './forced.ts';
import type { Ledger } from './ledger.ts';
import { renew } from './liveness.ts';
import type { Owner } from './owner.ts';
import { type Claimant, identify } from './parties.ts';
import type { Environment } from './policy.ts';
import type { Port } from './port.ts';
import { type InvalidInput, isRefusal, type NotFound, type PortUnavailable, type RangeExhausted } from './refusals.ts';
import type { Allocation, JsonObject } from './registry-model.ts';

/** A service that wants a port. */
export interface ServiceRequest {
  readonly serviceName: string;
  readonly description: string | null;
  readonly preferredPort: Port | null;
  readonly exactPort: Port | null;
  readonly metadata: JsonObject | null;
  readonly publicHostnames: readonly string[];
}

/** One service or a group, granted whole or not at all. */
export interface AllocationRequest {
  readonly hostName: string;
  readonly environment: Environment;
  readonly owner: Owner;
  readonly services: readonly ServiceRequest[];
  /** Overrides LISTENING, and nothing else. */
  readonly force: boolean;
  /** Lets the worktree change to the owner's codebase. Default: no. */
  readonly movesWorktree?: boolean;
}

export interface Grant {
  readonly allocation: Allocation;
  /** False where the owner held it for this service already. */
  readonly created: boolean;
}

export type AllocationRefusal = PortUnavailable | RangeExhausted | NotFound | InvalidInput;

/** Decides a request, and records what it grants. Grants stand in the order of the services. */
export function decideAllocation(
  request: AllocationRequest,
  surroundings: Surroundings,
): Decision<Grant[] | AllocationRefusal> {
  const decision = decideAllocations([request], surroundings);
  if ('unprobed' in decision) return decision;
  return decided(isRefusal(decision.outcome) ? decision.outcome : decision.outcome.flat());
}

/**
 * Decides the requests of several owners on one host together, all of them or none. A port that one of them
 * asks for is given to no other just because it is free; of two that ask for the same one, the first gets it.
 */
export function decideAllocations(
  requests: readonly AllocationRequest[],
  surroundings: Surroundings,
): Decision<Grant[][] | AllocationRefusal> {
  const taken = new Set<number>();
  const planned: { request: AllocationRequest; claimant: Claimant; plan: AllocationPlan }[] = [];
  for (const request of requests) {
    const { hostName, environment, owner, movesWorktree } = request;
    const claimant = identify(surroundings.ledger, hostName, owner, { movesWorktree });
    if (isRefusal(claimant)) return decided(claimant);
    const seeker = { hostName, environment, owner: claimant.key, codebaseId: claimant.codebaseId };
    planned.push({ request, claimant, plan: new AllocationPlan(request, seeker, surroundings, taken) });
  }
  const plans = planned.map(({ plan }) => plan);
  const refusal = makePlans(plans);
  const unprobed = plans.flatMap((plan) => plan.unprobed());
  const isUndecided = plans.some((plan) => plan.isUndecided);
  if (isUndecided || (!refusal && unprobed.length > 0)) return { unprobed };
  if (refusal) return refusal;
  return decided(planned.map(({ request, claimant, plan }) => grant(request, claimant, plan, surroundings.ledger)));
}

/** Each step for all plans before the next one. Answers only where one of them cannot be made. */
function makePlans(plans: readonly AllocationPlan[]): Decision<AllocationRefusal> | undefined {
  const steps: ((plan: AllocationPlan) => Decision<AllocationRefusal> | undefined)[] = [
    (plan) => plan.keepHeld(),
    (plan) => plan.takeExact(),
    (plan) => plan.takePreferred(),
    (plan) => plan.takeFavourites(),
    (plan) => plan.takeFree(),
  ];
  for (const step of steps) {
    for (const plan of plans) {
      const refusal = step(plan);
      if (refusal) return refusal;
    }
  }
  return undefined;
}

function grant(request: AllocationRequest, claimant: Claimant, plan: AllocationPlan, ledger: Ledger): Grant[] {
  const { hostName, environment, services } = request;
  return services.map((service, index) => {
    const held = plan.held(index);
    if (held) return { allocation: renew(held, ledger), created: false };
    const claim = { hostName, environment, ...service, port: plan.port(index) };
    const allocation = newAllocation(claim, claimant, ledger);
    plan.warn(index, allocation);
    return { allocation: ledger.record('allocated', allocation, forcedCause(request)), created: true };
  });
}

/** What is claimed: a port for a service. */
export interface Claim extends Omit<ServiceRequest, 'preferredPort' | 'exactPort'> {
  readonly hostName: string;
  readonly environment: Environment;
  readonly port: Port;
}

/** A new allocation for a claimant, whose worktree is registered by it. */
export function newAllocation(claim: Claim, claimant: Claimant, ledger: Ledger): Allocation {
  const { hostName, environment, port } = claim;
  return {
    id: ledger.newId(),
    hostName,
    environment,
    port,
    serviceName: claim.serviceName,
    description: claim.description,
    metadata: claim.metadata,
    publicHostnames: [...claim.publicHostnames],
    status: 'allocated',
    owner: claimant.key,
    codebaseId: claimant.codebaseId,
    worktreeId: claimant.settle(),
    conversationId: claimant.conversationId,
    allocatedAt: ledger.now,
    releasedAt: null,
    liveness: 'unknown',
    misses: 0,
    lastCheckedAt: null,
    lastActiveAt: null,
    idleSince: null,
    processId: null,
  };
}
