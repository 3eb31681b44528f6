import { configuredPorts } from './catalog.ts';
import { causeOf, configuredPortHeld, configuredTwice, rangeNearlyExhausted } from './conflicts.ts';
import type { Ledger } from './ledger.ts';
import { environments, type Policy, sizeOf } from './policy.ts';
import type { Port } from './port.ts';
import type { Allocation, Codebase, Conflict, Worktree } from './registry-model.ts';

/**
 * Raises and settles the conflicts that the registry can tell by itself, after a batch of decisions: full
 * ranges, configured ports in other hands, and those of claims that are over. `observedHost` is where a
 * collision is told that belongs to no host.
 */
export function reviewChanges(ledger: Ledger, policy: Policy, observedHost: string): void {
  const { allocations, codebases, worktrees } = ledger.changes();
  for (const hostName of new Set(allocations.map((each) => each.hostName))) reviewRanges(ledger, policy, hostName);
  for (const allocation of allocations) {
    if (allocation.releasedAt) settleClaim(allocation, ledger);
    else reviewClaim(allocation, ledger);
  }
  for (const worktree of worktrees) if (worktree.removedAt) settleOrphan(worktree, ledger);
  if (codebases.length > 0) reviewCodebases(codebases, ledger, observedHost);
}

/** Whether the ranges of a host are nearly exhausted; `refresh` brings what a conflict counts up to date. */
export function reviewRanges(
  ledger: Ledger,
  { ranges, utilizationAlert }: Policy,
  hostName: string,
  { refresh = false } = {},
): void {
  for (const environment of environments) {
    const range = ranges[environment];
    const used = ledger.occupancy(hostName).heldWithin(range);
    const finding = rangeNearlyExhausted(hostName, { environment, range, used });
    const known = ledger.conflicts.on(hostName).get(finding.cause);
    const isFull = used / sizeOf(range) >= utilizationAlert;
    // That it counts the held ports is no reason to write it at each allocation: a scan does, now and then.
    if (isFull && (refresh || !known)) ledger.conflicts.raise(finding);
    if (!isFull && known) ledger.conflicts.settle(known);
  }
}

/** Whether a held port is one that another codebase configures. */
export function reviewConfiguredPort(held: Allocation, ledger: Ledger): void {
  const [codebase] = ledger.catalog.isConfiguredElsewhere(held.port, held.codebaseId)
    ? ledger.catalog.configuringElsewhere(held.port, held.codebaseId)
    : [];
  if (codebase) {
    ledger.conflicts.raise(configuredPortHeld(held, codebase));
    return;
  }
  for (const conflict of ledger.conflicts.on(held.hostName).about(held.id)) {
    if (conflict.kind === 'port_config_collision') ledger.conflicts.settle(conflict);
  }
}

/** A port that is held is no longer listened on without a claim. */
function reviewClaim(held: Allocation, ledger: Ledger): void {
  const stray = ledger.conflicts.on(held.hostName).get(causeOf('unregistered_listener', held.port));
  if (stray) ledger.conflicts.settle(stray);
  reviewConfiguredPort(held, ledger);
}

function settleOrphan(removed: Worktree, ledger: Ledger): void {
  for (const conflict of ledger.conflicts.on(removed.hostName).all()) {
    if (conflict.kind === 'orphaned_worktree' && conflict.worktreeId === removed.id) ledger.conflicts.settle(conflict);
  }
}

function settleClaim(released: Allocation, ledger: Ledger): void {
  for (const conflict of ledger.conflicts.on(released.hostName).about(released.id)) ledger.conflicts.settle(conflict);
}

/** With the holders of all ports that they configure, or did, on all hosts. */
function reviewCodebases(codebases: readonly Codebase[], ledger: Ledger, observedHost: string): void {
  for (const held of ledger.live()) reviewConfiguredPort(held, ledger);
  const known = new Map(ledger.conflicts.all().flatMap((each) => (isDouble(each) ? [[each.port, each]] : [])));
  for (const port of new Set([...known.keys(), ...codebases.flatMap((each) => [...configuredPorts(each)])])) {
    const all = ledger.catalog.configuringElsewhere(port, null);
    const conflict = known.get(port);
    // It is told once, on the host of whichever instance found it out.
    if (all.length > 1) ledger.conflicts.raise(configuredTwice(conflict?.hostName ?? observedHost, port, all));
    else if (conflict) ledger.conflicts.settle(conflict);
  }
}

/** Whether it is about codebases, and nobody's claim. */
const isDouble = (conflict: Conflict): conflict is Conflict & { readonly port: Port } =>
  conflict.kind === 'port_config_collision' && conflict.allocationId === null && conflict.port !== null;
