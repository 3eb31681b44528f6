import { forcedCause } from './forced.ts';
import type { Ledger } from './ledger.ts';
import { isParty, type Owner } from './owner.ts';
import type { Port } from './port.ts';
import { describeHolder, NotFound, NotOwner } from './refusals.ts';
import type { Allocation } from './registry-model.ts';
import { sightingsOf } from './sightings.ts';

export interface ReleaseRequest {
  readonly hostName: string;
  readonly port: Port;
  readonly owner: Owner;
  /** Releases what somebody else holds, and what public hostnames point at. */
  readonly force: boolean;
}

/** Releases a port for anyone to take; the allocation stays as history. */
export function decideRelease(request: ReleaseRequest, ledger: Ledger): Allocation | NotFound | NotOwner {
  const held = findHeld(request, ledger);
  return 'code' in held ? held : release(held, ledger, forcedCause(request));
}

/** The live allocation of a port, if the caller may act on it. */
export function findHeld(
  { hostName, port, owner, force }: ReleaseRequest,
  ledger: Ledger,
): Allocation | NotFound | NotOwner {
  const holder = ledger.holder(hostName, port);
  if (!holder)
    return new NotFound(`Nobody holds port ${port} on ${hostName}: there is nothing to release or hand over.`);
  return refuseGivingUp(holder, { owner, force }, ledger) ?? holder;
}

/** Why the caller may not give up an allocation; undefined where it may, or forces it. */
export function refuseGivingUp(
  held: Allocation,
  { owner, force }: Pick<ReleaseRequest, 'owner' | 'force'>,
  ledger: Ledger,
): NotOwner | undefined {
  if (force) return undefined;
  if (!isParty(owner, held, ledger.worktree(held.worktreeId))) return new NotOwner(held);
  if (held.publicHostnames.length === 0) return undefined;
  const names = held.publicHostnames.join(', ');
  return new NotOwner(
    held,
    `${describeHolder(held)} and is public as ${names}: use force if nothing needs it any more.`,
  );
}

/** Ends a live allocation. `cause` says why, where the registry acts by itself or force was used. */
export function release(held: Allocation, ledger: Ledger, cause: string | null = null): Allocation {
  const sightings = sightingsOf(held, ledger.scannedAt(held.hostName));
  return ledger.record('released', { ...held, ...sightings, status: 'released', releasedAt: ledger.now }, cause);
}
