import type { AllocationRefusal, ServiceRequest } from './allocate.ts';
import { explainBackfill } from './backfill-explanation.ts';
import { type LeftAlone, type NamedPort, type Wish, wishesOf } from './backfill-wishes.ts';
import type { Surroundings } from './choose.ts';
import { type Decision, decided, type Identified } from './decision.ts';
import type { Environment } from './policy.ts';
import { isRefusal } from './refusals.ts';
import type { Allocation, Worktree } from './registry-model.ts';
import { decideWorktreeRegistrations, defaultService, registeredAt, type WorktreeRegistration } from './worktrees.ts';

/** Whose range a backfill gives ports of. */
export const backfilled: Environment = 'dev';

/** A worktree as it is on disk. */
export interface FoundWorktree {
  readonly path: string;
  readonly branch: string | null;
  /** What its files name, `PORT` first. */
  readonly namedPorts: readonly NamedPort[];
  /** The conversation that works in it; null where the caller did not say. */
  readonly conversationId: string | null;
}

/** The worktrees of a codebase on one host, each once. */
export interface Backfill {
  readonly hostName: string;
  readonly codebaseId: string;
  readonly worktrees: readonly FoundWorktree[];
}

export interface BackfillItem {
  readonly worktree: Worktree;
  readonly allocations: readonly Allocation[];
  /** False where it held a port already, and keeps what it holds. */
  readonly created: boolean;
  /** Which ports it has now, and why these, for a person. */
  readonly explanation: string;
}

/** What is to be done about one worktree. */
export interface BackfillStep {
  readonly registration: WorktreeRegistration;
  readonly holdsPorts: boolean;
  /** One a service, in the order of the services. */
  readonly wishes: readonly Wish[];
  readonly leftAlone: readonly LeftAlone[];
  /** A sentence about its codebase where that changes, or is another one. */
  readonly codebaseNote: string | null;
}

/**
 * Registers worktrees and gives ports to each that holds none: those that its files name, where they are
 * free to take, others otherwise. Of two that name the same port, the first gets it. All or nothing.
 */
export function decideBackfill(
  backfill: Backfill,
  surroundings: Surroundings,
): Decision<BackfillItem[] | AllocationRefusal> {
  // The lowest free ports, whatever the strategy: a dry run that draws would say others than the real one.
  const policy = { ...surroundings.policy, strategy: 'sequential' as const };
  const around = { ...surroundings, policy, identified: amongSiblings(backfill, surroundings) };
  const steps = backfill.worktrees.map((found) => stepFor(found, backfill, surroundings));
  const registrations = steps.map(({ registration }) => registration);
  const decision = decideWorktreeRegistrations(registrations, around);
  if ('unprobed' in decision) return decision;
  const registered = decision.outcome;
  if (isRefusal(registered)) return decided(registered);
  const outcomes = steps.flatMap((step, index) => {
    const outcome = registered[index];
    return outcome ? [{ step, ...outcome }] : [];
  });
  const given = outcomes.filter(({ step }) => !step.holdsPorts);
  const givenTo = new Map(
    given.flatMap(({ worktree, allocations }) =>
      allocations.map(({ port }): [number, string] => [port, worktree.path]),
    ),
  );
  const items = outcomes.map(({ step, worktree, allocations }) => {
    const explanation = explainBackfill(step, { allocations, givenTo }, around);
    return { worktree, allocations, created: !step.holdsPorts, explanation };
  });
  return decided(items);
}

function stepFor(found: FoundWorktree, { hostName, codebaseId }: Backfill, around: Surroundings): BackfillStep {
  const { ledger, policy } = around;
  const { path, branch, namedPorts } = found;
  const kept = registeredAt(hostName, path, ledger);
  const registration = {
    hostName,
    path,
    branch,
    // Who registered it under another codebase had a reason.
    codebaseId: kept?.codebaseId ?? codebaseId,
    conversationId: found.conversationId ?? kept?.conversationId ?? null,
    environment: backfilled,
  };
  const codebaseNote = kept ? noteOn(kept, codebaseId) : null;
  if (kept && ledger.heldIn(kept.id).some(({ environment }) => environment === backfilled)) {
    const left = { holdsPorts: true, wishes: [], leftAlone: [], codebaseNote };
    return { registration: { ...registration, services: null }, ...left };
  }
  const own = defaultService(found, ledger.catalog.get(registration.codebaseId)?.name);
  const { wishes, leftAlone } = wishesOf(namedPorts, own.serviceName, policy.ranges[backfilled]);
  const services = wishes.length > 0 ? wishes.map((wish) => serviceFor(wish, own)) : [own];
  return { registration: { ...registration, services }, holdsPorts: false, wishes, leftAlone, codebaseNote };
}

function noteOn({ codebaseId: known }: Worktree, codebaseId: string): string | null {
  if (known === codebaseId) return null;
  if (known === null) return `It belongs to the codebase ${codebaseId} from now on.`;
  return `It stays with the codebase ${known}, under which it is registered.`;
}

function serviceFor({ serviceName, named }: Wish, own: ServiceRequest): ServiceRequest {
  const description = serviceName === own.serviceName ? own.description : null;
  return { ...own, serviceName, description, preferredPort: named.port };
}

/**
 * A server that runs in a worktree inside another one, as many are kept, is no server of the outer one's, though the
 * inner one be registered only now.
 */
function amongSiblings({ hostName, codebaseId, worktrees }: Backfill, around: Surroundings): Identified {
  const siblings = worktrees.map(({ path, branch, conversationId }): [string, Worktree] => [
    path,
    {
      id: '',
      hostName,
      path,
      branch,
      codebaseId,
      conversationId,
      registeredAt: around.ledger.now,
      removedAt: null,
      missingSince: null,
      misses: 0,
      device: null,
    },
  ]);
  return (host, port) => {
    const placed = around.identified(host, port);
    return placed && { ...placed, worktrees: new Map([...siblings, ...placed.worktrees]) };
  };
}
