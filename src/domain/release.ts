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
  return 'code' in held ? held : release(held, ledger);
}

/** The live allocation of a port, if the caller may act on it. */
export function findHeld(
  { hostName, port, owner, force }: ReleaseRequest,
  ledger: Ledger,
): Allocation | NotFound | NotOwner {
  const holder = ledger.holder(hostName, port);
  if (!holder)
    return new NotFound(`Nobody holds port ${port} on ${hostName}: there is nothing to release or hand over.`);
  if (force) return holder;
  if (!isParty(owner, holder, ledger.worktree(holder.worktreeId))) return new NotOwner(holder);
  if (holder.publicHostnames.length > 0) {
    const names = holder.publicHostnames.join(', ');
    return new NotOwner(
      holder,
      `${describeHolder(holder)} and is public as ${names}: use force if nothing needs it any more.`,
    );
  }
  return holder;
}

/** Ends a live allocation. `cause` says why, where the registry acts by itself. */
export function release(held: Allocation, ledger: Ledger, cause: string | null = null): Allocation {
  const sightings = sightingsOf(held, ledger.scannedAt(held.hostName));
  return ledger.record('released', { ...held, ...sightings, status: 'released', releasedAt: ledger.now }, cause);
}
