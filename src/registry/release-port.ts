import { decided } from '../domain/decision.ts';
import type { Owner } from '../domain/owner.ts';
import type { Port } from '../domain/port.ts';
import type { NotFound, NotOwner } from '../domain/refusals.ts';
import type { Allocation } from '../domain/registry-model.ts';
import { decideRelease } from '../domain/release.ts';
import type { RegistryContext } from './context.ts';
import { expectsNothing } from './operation.ts';
import { canonicalOwner } from './owner-paths.ts';

export interface ReleasePortInput {
  readonly port: Port;
  readonly host: string | null;
  readonly owner: Owner;
  readonly force: boolean;
}

/** Releases a port on behalf of its owner, or of anybody by force. */
export async function releasePort(
  context: RegistryContext,
  { port, host, owner, force }: ReleasePortInput,
): Promise<Allocation | NotFound | NotOwner> {
  const hostName = host ?? context.hostName;
  const caller = await canonicalOwner(owner, hostName === context.hostName);
  return context.writer.submit({
    name: 'release',
    hosts: [hostName],
    reads: { worktrees: [], services: [], ports: [{ hostName, port }] },
    expects: expectsNothing,
    decide: ({ ledger }) => decided(decideRelease({ hostName, port, owner: caller, force }, ledger)),
  });
}
