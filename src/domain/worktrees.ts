import { type AllocationRefusal, decideAllocation, type Grant, type ServiceRequest } from './allocate.ts';
import type { Surroundings } from './choose.ts';
import { type Decision, decided } from './decision.ts';
import type { Ledger } from './ledger.ts';
import { missingCodebase, putWorktree } from './parties.ts';
import type { Environment } from './policy.ts';
import { isRefusal, NotFound } from './refusals.ts';
import type { Allocation, Worktree } from './registry-model.ts';
import { release } from './release.ts';

export interface WorktreeRegistration {
  readonly hostName: string;
  readonly path: string;
  readonly branch: string | null;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
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
  const { ledger } = surroundings;
  const { hostName, path, environment, codebaseId, conversationId } = registration;
  const missing = missingCodebase(ledger, codebaseId);
  if (missing) return decided(missing);
  const before = ledger.worktreeAt(hostName, path);
  const kept = before && !before.removedAt ? before : undefined;
  const effectiveCodebaseId = codebaseId ?? kept?.codebaseId ?? null;

  const decision = allocations();
  if ('unprobed' in decision) return decision;
  if (isRefusal(decision.outcome)) return decided(decision.outcome);
  const worktree = putWorktree(ledger, registration);
  const followed = followCodebase(worktree, ledger);
  const asGranted = decision.outcome.map(({ allocation }) => followed.get(allocation.id) ?? allocation);
  return decided({ worktree, allocations: asGranted, created: !kept });

  function allocations(): Decision<Grant[] | AllocationRefusal> {
    const held = kept ? ledger.heldIn(kept.id).filter((allocation) => allocation.environment === environment) : [];
    if (registration.services === null && held.length > 0) {
      return decided(held.map((allocation) => ({ allocation, created: false })));
    }
    const codebaseName = effectiveCodebaseId === null ? undefined : ledger.catalog.get(effectiveCodebaseId)?.name;
    const services = registration.services ?? [defaultService(registration, codebaseName)];
    const owner = { worktreePath: path, codebaseId: effectiveCodebaseId, conversationId };
    return decideAllocation(
      { hostName, environment, owner, services, force: false, movesWorktree: true },
      surroundings,
    );
  }
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
  const name = [codebaseName, branch].filter(Boolean).join('-') || directory;
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

/** Removes a worktree and releases everything that it holds, public or not. */
export function decideWorktreeRemoval(
  { hostName, path }: Pick<Worktree, 'hostName' | 'path'>,
  ledger: Ledger,
): RemovedWorktree | NotFound {
  const worktree = ledger.worktreeAt(hostName, path);
  if (!worktree || worktree.removedAt) {
    const when = worktree?.removedAt ? `; it was removed at ${worktree.removedAt.toISOString()}` : '';
    return new NotFound(
      `No worktree is registered at ${path} on ${hostName}${when}: see the registered ones with the query worktrees.`,
    );
  }
  const released = ledger.heldIn(worktree.id).map((held) => release(held, ledger, `worktree removed: ${path}`));
  return { worktree: ledger.putWorktree({ ...worktree, removedAt: ledger.now }), released };
}
