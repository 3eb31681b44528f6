import { decided } from '../domain/decision.ts';
import type { Owner } from '../domain/owner.ts';
import type { Port } from '../domain/port.ts';
import { isRefusal, type NotFound, type NotOwner } from '../domain/refusals.ts';
import type { Allocation } from '../domain/registry-model.ts';
import { decideRelease } from '../domain/release.ts';
import type { RegistryContext } from './context.ts';
import { lookAfter } from './look-after.ts';
import { expectsNothing } from './operation.ts';
import { canonicalOwner } from './owner-paths.ts';

export interface ReleasePortInput {
  readonly port: Port;
  readonly host: string | null;
  readonly owner: Owner;
  readonly force: boolean;
}

/**
 * Releases a port on behalf of its owner, or of anybody by force. Where something may listen on it still, the
 * host has been looked at by the time that the caller is answered, unless that takes more than 2 s.
 */
export async function releasePort(
  context: RegistryContext,
  { port, host, owner, force }: ReleasePortInput,
): Promise<Allocation | NotFound | NotOwner> {
  const hostName = host ?? context.hostName;
  const caller = await canonicalOwner(context, owner, hostName);
  let held: Allocation | undefined;
  const outcome = await context.writer.submit({
    name: 'release',
    hosts: [hostName],
    reads: { worktrees: [], services: [], ports: [{ hostName, port }] },
    expects: expectsNothing,
    decide: ({ ledger }) => {
      held = ledger.holder(hostName, port);
      return decided(decideRelease({ hostName, port, owner: caller, force }, ledger));
    },
  });
  if (held && !isRefusal(outcome)) await lookAfter(context, [held]);
  return outcome;
}
