import { type AllocationRefusal, newAllocation } from './allocate.ts';
import { freePorts, type PortSeeker, refusePort, type Surroundings } from './choose.ts';
import { actionsFor, type ConflictAction } from './conflicts.ts';
import { type Decision, decided } from './decision.ts';
import type { Ledger } from './ledger.ts';
import { nobody } from './owner.ts';
import { identify } from './parties.ts';
import { environmentOf } from './policy.ts';
import { replaceUnprintable } from './printable.ts';
import { describeHolder, InvalidInput, isRefusal, NotFound, RangeExhausted } from './refusals.ts';
import type { Allocation, Conflict, Worktree } from './registry-model.ts';
import { release } from './release.ts';
import { defaultService } from './worktrees.ts';

/** A conflict that was settled, and the allocation that came of it, or ended by it. */
export interface ResolvedConflict {
  readonly conflict: Conflict;
  readonly allocation: Allocation | null;
}

/**
 * Settles an open conflict. ADOPT registers what listens, REALLOCATE gives the holder another port,
 * RELEASE ends the claims that it is about, DISMISS only closes it. Nothing is ever stopped by it.
 */
export function decideResolution(
  { conflict, action }: { readonly conflict: Conflict; readonly action: ConflictAction },
  surroundings: Surroundings,
): Decision<ResolvedConflict | AllocationRefusal> {
  const { ledger } = surroundings;
  if (conflict.resolvedAt) {
    const message = `The conflict was resolved at ${conflict.resolvedAt.toISOString()}: there is nothing left to do.`;
    return decided(new InvalidInput([{ path: ['id'], message }]));
  }
  const actions = actionsFor(conflict);
  if (!actions.includes(action)) {
    const message = `${action} does not fit this conflict: it takes ${actions.join(' or ')}.`;
    return decided(new InvalidInput([{ path: ['action'], message }]));
  }
  switch (action) {
    case 'DISMISS':
      return decided({ conflict: ledger.conflicts.dismiss(conflict), allocation: null });
    case 'RELEASE':
      return decided(releaseClaims(conflict, ledger));
    case 'REALLOCATE':
      return reallocate(conflict, surroundings);
    case 'ADOPT':
      return adopt(conflict, surroundings);
  }
}

const cause = ({ kind, id }: Conflict) => `conflict ${id} resolved: ${kind.replaceAll('_', ' ')}`;
/** Of what takes a claim from its owner, who was not asked. */
const forced = (conflict: Conflict) => `${cause(conflict)}, forced`;

function releaseClaims(conflict: Conflict, ledger: Ledger): ResolvedConflict | NotFound | InvalidInput {
  if (conflict.kind === 'orphaned_worktree') return removeWorktree(conflict, ledger);
  const held = claimOf(conflict, ledger);
  if (!held) return claimIsOver(conflict);
  const refusal = refusePublic([held]);
  if (refusal) return refusal;
  const allocation = release(held, ledger, forced(conflict));
  return { conflict: ledger.conflicts.settle(conflict), allocation };
}

function removeWorktree(conflict: Conflict, ledger: Ledger): ResolvedConflict | InvalidInput {
  const worktree = ledger.worktree(conflict.worktreeId);
  if (worktree && !worktree.removedAt) {
    const refusal = refusePublic(ledger.heldIn(worktree.id));
    if (refusal) return refusal;
    const released = ledger.heldIn(worktree.id).map((held) => release(held, ledger, forced(conflict)));
    ledger.putWorktree({ ...worktree, removedAt: ledger.now });
    const [only = null] = released.length === 1 ? released : [];
    return { conflict: ledger.conflicts.settle(conflict), allocation: only };
  }
  return { conflict: ledger.conflicts.settle(conflict), allocation: null };
}

/** The same service of the same owner gets another port, and gives up this one. */
function reallocate(conflict: Conflict, surroundings: Surroundings): Decision<ResolvedConflict | AllocationRefusal> {
  const { ledger, policy, probed } = surroundings;
  const held = claimOf(conflict, ledger);
  if (!held) return decided(claimIsOver(conflict));
  const refusal = refusePublic([held]);
  if (refusal) return decided(refusal);
  const { hostName, environment } = held;
  const { value: port } = freePorts(held, surroundings, new Set([held.port])).next();
  if (port === undefined) {
    const range = policy.ranges[environment];
    return decided(new RangeExhausted({ hostName, environment, range, wanted: 1, free: 0 }));
  }
  if (probed(hostName, port) === undefined) return { unprobed: [port] };
  release(held, ledger, `${forced(conflict)}: it is given port ${port} instead`);
  const moved: Allocation = {
    ...held,
    id: ledger.newId(),
    port,
    status: 'allocated',
    allocatedAt: ledger.now,
    liveness: 'unknown',
    misses: 0,
    lastCheckedAt: null,
    lastActiveAt: null,
    idleSince: null,
    processId: null,
  };
  const allocation = ledger.record('allocated', moved, `${forced(conflict)}: instead of port ${held.port}`);
  return decided({ conflict: ledger.conflicts.settle(conflict), allocation });
}

/** What listens gets the port, under the worktree that it runs in. */
function adopt(conflict: Conflict, surroundings: Surroundings): Decision<ResolvedConflict | AllocationRefusal> {
  const { ledger, policy } = surroundings;
  const { hostName, port } = conflict;
  if (port === null) throw new Error('A listener that can be adopted has a port.');
  const environment = environmentOf(port, policy) ?? conflict.environment ?? 'dev';
  const worktree = ledger.worktree(conflict.worktreeId);
  const owner = worktree && !worktree.removedAt ? { ...nobody, worktreePath: worktree.path } : nobody;
  const claimant = identify(ledger, hostName, owner);
  if (isRefusal(claimant)) return decided(claimant);
  const seeker: PortSeeker = { hostName, environment, owner: claimant.key, codebaseId: claimant.codebaseId };
  if (ledger.occupancy(hostName).isHeld(port)) {
    return refusePort({ port, reasons: ['ALLOCATED'] }, seeker, surroundings);
  }
  const claim = {
    hostName,
    environment,
    port,
    serviceName: adoptedName(conflict, worktree, seeker, ledger),
    description: null,
    metadata: null,
    publicHostnames: [],
  };
  const allocation = ledger.record('registered', newAllocation(claim, claimant, ledger), cause(conflict));
  return decided({ conflict: ledger.conflicts.settle(conflict), allocation });
}

/** Leaves room for a port in what a service's name may have. */
const longestAdoptedName = 249;

/**
 * What an adopted service is called: after the directory inside its worktree that it runs in; at the
 * worktree's top as the worktree's own service; without a worktree after its directory or program. With the port
 * where its owner has a service of that name already.
 */
function adoptedName(conflict: Conflict, worktree: Worktree | undefined, seeker: PortSeeker, ledger: Ledger): string {
  const { listener, port } = conflict;
  const directory = listener?.workingDirectory ?? null;
  const last = directory?.split(/[/\\]/).filter(Boolean).at(-1);
  const codebase = worktree?.codebaseId ? ledger.catalog.get(worktree.codebaseId) : undefined;
  const isAtTop = worktree !== undefined && directory === worktree.path;
  const name = isAtTop ? defaultService(worktree, codebase?.name).serviceName : (last ?? '');
  const serviceName = nameOf(name) || nameOf(listener?.processName ?? '') || `port-${port}`;
  return ledger.held({ ...seeker, serviceName }).length > 0 ? `${serviceName}-${port}` : serviceName;
}

/** A name as a caller may give it: without what cannot be printed, without white space around it, and not too long. */
function nameOf(text: string): string {
  const name = replaceUnprintable(text, ' ').trim();
  return [...name].slice(0, longestAdoptedName).join('').trimEnd();
}

function claimOf({ allocationId }: Conflict, ledger: Ledger): Allocation | undefined {
  return ledger.live().find(({ id }) => id === allocationId);
}

/** What public hostnames point at is given up by force only, which settling a conflict is not. */
function refusePublic(claims: readonly Allocation[]): InvalidInput | undefined {
  const held = claims.find(({ publicHostnames }) => publicHostnames.length > 0);
  if (!held) return undefined;
  const names = held.publicHostnames.join(', ');
  const message = `${describeHolder(held)} and is public as ${names}, which settling a conflict does not give up: point the hostnames elsewhere, then use releasePort with force.`;
  return new InvalidInput([{ path: ['action'], message }]);
}

const claimIsOver = ({ port }: Conflict) =>
  new NotFound(`Nobody holds port ${port} any more: the conflict resolves by itself.`);
