import { forcedCause } from './forced.ts';
import type { Ledger } from './ledger.ts';
import type { Owner } from './owner.ts';
import { type Claimant, identify } from './parties.ts';
import type { Port } from './port.ts';
import { type InvalidInput, isRefusal, type NotFound, type NotOwner } from './refusals.ts';
import type { Allocation } from './registry-model.ts';
import { findHeld } from './release.ts';

export interface TransferRequest {
  readonly hostName: string;
  readonly ports: readonly Port[];
  /** On whose behalf the call is made. */
  readonly owner: Owner;
  /** Who gets them. A conversation alone becomes a party, and the owner stays. */
  readonly to: Owner;
  readonly force: boolean;
}

/** Hands live allocations over, all of them or none, each once, in the order of the ports. */
export function decideTransfer(
  request: TransferRequest,
  ledger: Ledger,
): Allocation[] | NotOwner | NotFound | InvalidInput {
  const { hostName, ports, owner, to, force } = request;
  const heir = identify(ledger, hostName, to, { path: 'to' });
  if (isRefusal(heir)) return heir;
  const held: Allocation[] = [];
  for (const port of new Set(ports)) {
    const allocation = findHeld({ hostName, port, owner, force }, ledger);
    if ('code' in allocation) return allocation;
    held.push(allocation);
  }
  return held.map((allocation) => handOver(allocation, { to, heir, cause: forcedCause(request) }, ledger));
}

interface Handover {
  readonly to: Owner;
  readonly heir: Claimant;
  readonly cause: string | null;
}

function handOver(held: Allocation, { to, heir, cause }: Handover, ledger: Ledger): Allocation {
  const staysWithOwner =
    to.worktreePath === null && to.codebaseId === null && heir.key !== 'nobody' && hasOwnerBeyondConversation(held);
  const handed: Allocation = staysWithOwner
    ? { ...held, conversationId: heir.conversationId }
    : {
        ...held,
        owner: heir.key,
        worktreeId: heir.settle(),
        codebaseId: heir.codebaseId,
        conversationId: heir.conversationId,
      };
  const unchanged =
    handed.owner === held.owner &&
    handed.codebaseId === held.codebaseId &&
    handed.conversationId === held.conversationId;
  // The new owner has as long to use it as a new claim has.
  return unchanged ? held : ledger.record('transferred', { ...handed, idleSince: null, misses: 0 }, cause);
}

const hasOwnerBeyondConversation = ({ worktreeId, codebaseId }: Allocation) =>
  worktreeId !== null || codebaseId !== null;
