import {
  type AllocationRefusal,
  type AllocationRequest,
  decideAllocations,
  type Grant,
  type ServiceRequest,
} from './allocate.ts';
import type { Surroundings } from './choose.ts';
import { type Decision, decided } from './decision.ts';
import { forcedCause } from './forced.ts';
import type { Ledger } from './ledger.ts';
import { renew } from './liveness.ts';
import type { Owner } from './owner.ts';
import { missingCodebase, putWorktree } from './parties.ts';
import type { Environment } from './policy.ts';
import { replaceUnprintable } from './printable.ts';
import { isRefusal, NotFound, type NotOwner } from './refusals.ts';
import type { Allocation, Worktree } from './registry-model.ts';
import { refuseGivingUp, release } from './release.ts';

export interface WorktreeRegistration {
  readonly hostName: string;
  readonly path: string;
  readonly branch: string | null;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
  /** The file system that it is on, where it was seen; see `Worktree.device`. */
  readonly device?: number | null;
  readonly environment: Environment;
  /** Null: one for the worktree itself, unless it already holds a port in this environment. */
  readonly services: readonly ServiceRequest[] | null;
}

export interface RegisteredWorktree {
  readonly worktree: Worktree;
  readonly allocations: readonly Allocation[];
  /** False where it was registered already. */
  readonly created: boolean;
}

/** Registers a worktree and gives its services ports, all or nothing. */
export function decideWorktreeRegistration(
  registration: WorktreeRegistration,
  surroundings: Surroundings,
): Decision<RegisteredWorktree | AllocationRefusal> {
  const decision = decideWorktreeRegistrations([registration], surroundings);
  if ('unprobed' in decision) return decision;
  if (isRefusal(decision.outcome)) return decided(decision.outcome);
  const [registered] = decision.outcome;
  if (!registered) throw new Error('A worktree was neither registered nor refused.');
  return decided(registered);
}

/**
 * Registers worktrees of one host, each named once, and gives their services ports: all or nothing. Of two that
 * ask for the same port, the first gets it.
 */
export function decideWorktreeRegistrations(
  registrations: readonly WorktreeRegistration[],
  surroundings: Surroundings,
): Decision<RegisteredWorktree[] | AllocationRefusal> {
  const { ledger } = surroundings;
  for (const { codebaseId } of registrations) {
    const missing = missingCodebase(ledger, codebaseId);
    if (missing) return decided(missing);
  }
  const arrivals = registrations.map((registration) => arrivalOf(registration, ledger));
  const requests = arrivals.map(({ request }) => request);
  const decision = decideAllocations(requests, surroundings);
  if ('unprobed' in decision) return decision;
  const { outcome } = decision;
  if (isRefusal(outcome)) return decided(outcome);
  return decided(arrivals.map((arrival, index) => register(arrival, outcome[index] ?? [], ledger)));
}

interface Arrival {
  readonly registration: WorktreeRegistration;
  readonly isRegistered: boolean;
  /** What it holds and is left with, where no service was named. */
  readonly held: readonly Allocation[];
  readonly request: AllocationRequest;
}

function arrivalOf(registration: WorktreeRegistration, ledger: Ledger): Arrival {
  const { hostName, path, environment, conversationId } = registration;
  const kept = registeredAt(hostName, path, ledger);
  const codebaseId = registration.codebaseId ?? kept?.codebaseId ?? null;
  const held =
    kept && registration.services === null
      ? ledger.heldIn(kept.id).filter((allocation) => allocation.environment === environment)
      : [];
  const codebaseName = codebaseId === null ? undefined : ledger.catalog.get(codebaseId)?.name;
  const services = registration.services ?? (held.length > 0 ? [] : [defaultService(registration, codebaseName)]);
  const owner = { worktreePath: path, codebaseId, conversationId };
  const request = { hostName, environment, owner, services, force: false, movesWorktree: true };
  return { registration, isRegistered: kept !== undefined, held, request };
}

function register(
  { registration, isRegistered, held }: Arrival,
  grants: readonly Grant[],
  ledger: Ledger,
): RegisteredWorktree {
  const worktree = putWorktree(ledger, registration);
  const kept = held.map((each) => renew(each, ledger));
  const followed = followCodebase(worktree, ledger);
  const allocations = [...kept, ...grants.map(({ allocation }) => allocation)];
  return { worktree, allocations: allocations.map((each) => followed.get(each.id) ?? each), created: !isRegistered };
}

/** The worktree at a path, unless it was removed. */
export function registeredAt(hostName: string, path: string, ledger: Ledger): Worktree | undefined {
  const known = ledger.worktreeAt(hostName, path);
  return known && !known.removedAt ? known : undefined;
}

/** What a worktree holds belongs to the worktree's codebase, also when that is named only now. */
function followCodebase(worktree: Worktree, ledger: Ledger): Map<string, Allocation> {
  const { codebaseId } = worktree;
  const strays = ledger.heldIn(worktree.id).filter((held) => codebaseId !== null && held.codebaseId !== codebaseId);
  const cause = `worktree registered with the codebase ${codebaseId}`;
  return new Map(strays.map((held) => [held.id, ledger.record('transferred', { ...held, codebaseId }, cause)]));
}

const longestServiceName = 255;

/** Named after codebase and branch, or after the directory where either is unknown. */
export function defaultService(
  { path, branch }: Pick<WorktreeRegistration, 'path' | 'branch'>,
  codebaseName: string | undefined,
): ServiceRequest {
  const directory = path.split(/[/\\]/).filter(Boolean).at(-1) ?? 'worktree';
  const name =
    [codebaseName, branch].filter(Boolean).join('-') || replaceUnprintable(directory, ' ').trim() || 'worktree';
  return {
    serviceName: [...name].slice(0, longestServiceName).join(''),
    description: branch ? `Development server for ${branch}` : null,
    preferredPort: null,
    exactPort: null,
    metadata: null,
    publicHostnames: [],
  };
}

export interface RemovedWorktree {
  readonly worktree: Worktree;
  readonly released: readonly Allocation[];
}

export interface WorktreeRemoval {
  readonly hostName: string;
  readonly path: string;
  /** On whose behalf the call is made. */
  readonly owner: Owner;
  /** Releases production and public ports too, even those of other owners. */
  readonly force: boolean;
}

/**
 * Removes a worktree and releases everything that it holds. Refused where it holds production or public ports that the
 * caller could not release one by one; anybody may remove a worktree that holds nothing of the kind.
 */
export function decideWorktreeRemoval(removal: WorktreeRemoval, ledger: Ledger): RemovedWorktree | NotFound | NotOwner {
  const { hostName, path } = removal;
  const worktree = ledger.worktreeAt(hostName, path);
  if (!worktree || worktree.removedAt) {
    const when = worktree?.removedAt ? `; it was removed at ${worktree.removedAt.toISOString()}` : '';
    return new NotFound(
      `No worktree is registered at ${path} on ${hostName}${when}: see the registered ones with the query worktrees.`,
    );
  }
  const held = ledger.heldIn(worktree.id);
  for (const each of held.filter(isGuarded)) {
    const refusal = refuseGivingUp(each, removal, ledger);
    if (refusal) return refusal;
  }
  const cause = [`worktree removed: ${path}`, forcedCause(removal)].filter(Boolean).join(', ');
  const released = held.map((each) => release(each, ledger, cause));
  return { worktree: ledger.putWorktree({ ...worktree, removedAt: ledger.now }), released };
}

/** Whether more than a developer's own work may depend on it. */
const isGuarded = ({ environment, publicHostnames }: Allocation) =>
  environment === 'production' || publicHostnames.length > 0;
