import type { Finding } from './conflict-book.ts';
import { describeListener, type PlacedListener, toListener } from './listeners.ts';
import { describeOwner } from './owner.ts';
import { type Environment, type PortSpan, sizeOf } from './policy.ts';
import type { Port } from './port.ts';
import type { Allocation, Codebase, Conflict, ConflictKind, Listener, Worktree } from './registry-model.ts';

// What each kind of conflict is told by again, and what it says: the fact, who is involved, what to do.

/** What can be done about a conflict; see `decideResolution`. */
export const conflictActions = ['ADOPT', 'REALLOCATE', 'RELEASE', 'DISMISS'] as const;
export type ConflictAction = (typeof conflictActions)[number];

const actionsByKind: Record<ConflictKind, readonly ConflictAction[]> = {
  port_squatted: ['REALLOCATE', 'RELEASE', 'DISMISS'],
  unregistered_listener: ['ADOPT', 'DISMISS'],
  allocated_while_listening: ['REALLOCATE', 'RELEASE', 'DISMISS'],
  range_nearly_exhausted: ['DISMISS'],
  orphaned_worktree: ['RELEASE', 'DISMISS'],
  port_config_collision: ['REALLOCATE', 'RELEASE', 'DISMISS'],
  range_overlap: ['DISMISS'],
};

/** The actions that fit a conflict: none once it is resolved, and those on a claim only where one is involved. */
export function actionsFor({ kind, resolvedAt, allocationId }: Conflict): readonly ConflictAction[] {
  if (resolvedAt) return [];
  const actions = actionsByKind[kind];
  if (kind !== 'port_config_collision' || allocationId !== null) return actions;
  return actions.filter((action) => action === 'DISMISS');
}

/** Its message as it is told: what was wrong is told as over once it is. */
export const toldMessage = ({ message, resolvedAt }: Conflict) => (resolvedAt ? `Resolved: ${message}` : message);

const aboutNothing = { port: null, environment: null, allocationId: null, worktreeId: null, listener: null };

/** By what the same cause is told again: the kind and what it is about. */
export const causeOf = (kind: ConflictKind, subject: string | number) => `${kind}:${subject}`;

function onPort(kind: ConflictKind, held: Allocation, listener: PlacedListener | null) {
  const { hostName, port, environment, id, worktreeId } = held;
  return {
    kind,
    hostName,
    port,
    environment,
    cause: causeOf(kind, port),
    allocationId: id,
    worktreeId,
    listener: listener && keptListener(listener, hostName),
  };
}

/** Conflicts are kept for long, and command lines can hold secrets: they are told of what listens now alone. */
const keptListener = (listener: PlacedListener, hostName: string): Listener => ({
  ...toListener(listener, hostName),
  command: null,
});

const claim = ({ port, hostName, environment, serviceName, owner }: Allocation) =>
  `Port ${port} on ${hostName} is held by the ${environment} service "${serviceName}" of ${describeOwner(owner)}`;

/** Somebody else listens on a held port. */
export function portSquatted(held: Allocation, listener: PlacedListener): Finding {
  return {
    ...onPort('port_squatted', held, listener),
    message: `${claim(held)}, but ${describeListener(listener)} listens on it. Give that process a port of its own, or move the holder to another one with REALLOCATE.`,
  };
}

/** A port was taken by force while something listened on it. */
export function allocatedWhileListening(held: Allocation, listener: PlacedListener | null): Finding {
  const who = listener ? describeListener(listener) : 'something';
  return {
    ...onPort('allocated_while_listening', held, listener),
    message: `${claim(held)}, which took it by force while ${who} was listening on it. Stop what listens if it is not this service, or move the service to another port with REALLOCATE.`,
  };
}

/** Something listens inside a managed range, and nobody holds the port. */
export function unregisteredListener(hostName: string, environment: Environment, listener: PlacedListener): Finding {
  const { port } = listener.seen;
  const kept = keptListener(listener, hostName);
  return {
    ...aboutNothing,
    kind: 'unregistered_listener',
    hostName,
    port,
    environment,
    cause: causeOf('unregistered_listener', port),
    worktreeId: kept.worktreeId,
    listener: kept,
    message: `Nobody holds port ${port} on ${hostName}, in the ${environment} range, but ${describeListener(listener)} listens on it. Register it with ADOPT, or start it on a port that it was allocated.`,
  };
}

/** A range is used to the alert threshold or beyond. */
export function rangeNearlyExhausted(
  hostName: string,
  { environment, range, used }: { environment: Environment; range: PortSpan; used: number },
): Finding {
  const size = sizeOf(range);
  return {
    ...aboutNothing,
    kind: 'range_nearly_exhausted',
    hostName,
    environment,
    cause: causeOf('range_nearly_exhausted', environment),
    message: `${used} of the ${size} ports of the ${environment} range ${range.start}-${range.end} on ${hostName} are held (${Math.floor((100 * used) / size)} %). Clean up what is no longer used, or widen the range.`,
  };
}

/** The worktree of live allocations is gone from disk. */
export function orphanedWorktree(worktree: Worktree, held: readonly Allocation[]): Finding {
  const { hostName, path } = worktree;
  const what = held.map(({ port, serviceName }) => `${port} ("${serviceName}")`).join(', ');
  return {
    ...aboutNothing,
    kind: 'orphaned_worktree',
    hostName,
    cause: causeOf('orphaned_worktree', worktree.id),
    worktreeId: worktree.id,
    message: `The worktree ${path} on ${hostName} is gone from disk, and still holds ${held.length === 1 ? 'port' : 'ports'} ${what}. Remove it with RELEASE, or leave that to the cleanups, which keep production, what is public and what is still listened on; if it was moved, register it at its new path.`,
  };
}

/** A port that a codebase configures is held by somebody else. */
export function configuredPortHeld(held: Allocation, codebase: Codebase): Finding {
  return {
    ...onPort('port_config_collision', held, null),
    message: `${claim(held)}, and the codebase ${codebase.name} (${codebase.id}) configures it for one of its services. Move the holder with REALLOCATE, or configure another port.`,
  };
}

/** Several codebases configure the same port. */
export function configuredTwice(hostName: string, port: Port, codebases: readonly Codebase[]): Finding {
  const names = codebases.map(({ name, id }) => `${name} (${id})`).join(' and ');
  return {
    ...aboutNothing,
    kind: 'port_config_collision',
    hostName,
    port,
    cause: causeOf('port_config_collision', `twice:${port}`),
    message: `The codebases ${names} configure the same port ${port}. Configure another port for all but one of them.`,
  };
}

/** The system gives ports of a range to outgoing connections. */
export function rangeOverlap(
  hostName: string,
  { environment, range, overlap }: { environment: Environment; range: PortSpan; overlap: PortSpan },
): Finding {
  return {
    ...aboutNothing,
    kind: 'range_overlap',
    hostName,
    environment,
    cause: causeOf('range_overlap', environment),
    message: `The ${environment} range ${range.start}-${range.end} overlaps the ephemeral range of ${hostName}: any program may be given ${overlap.start}-${overlap.end} for an outgoing connection. Move one of the two, or reserve these ports in the system.`,
  };
}

/** The part of a range that another one covers; undefined where they do not meet. */
export function overlapOf(one: PortSpan, other: PortSpan): PortSpan | undefined {
  const start = one.start > other.start ? one.start : other.start;
  const end = one.end < other.end ? one.end : other.end;
  return start <= end ? { start, end } : undefined;
}
