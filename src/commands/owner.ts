import type { Environment, OwnerInput, PortAllocation, RegistryClient } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import type { CommandPlace } from './command.ts';

/** On whose behalf something that is held is changed: whoever could have claimed it from this place. */
export function callerAt({ codebaseId, conversationId, worktreePath, cwd }: CommandPlace): OwnerInput {
  return { codebaseId, conversationId, worktreePath: worktreePath ?? cwd };
}

interface Answer {
  readonly __typename: string;
  readonly issues?: readonly { readonly path: readonly string[] }[];
}

interface PlacedClient {
  readonly client: RegistryClient;
  readonly place: CommandPlace;
}

/**
 * Claims on behalf of a place. Where the registry does not know its codebase, that is registered under its id, so that
 * the owner is the same from the first claim on. Where it cannot be, or is not the worktree's there, the claim is made
 * without it: a caller's own ids never stand in the way of a port.
 */
export async function claimAt<Result extends Answer>(
  { client, place }: PlacedClient,
  environment: Environment,
  claim: (owner: OwnerInput) => Promise<Result>,
): Promise<Result> {
  const { codebaseId: id } = place;
  const owner = ownerAt(place, environment);
  const first = await claim(owner);
  if (id === null || !isAboutCodebase(first)) return first;
  if (first.__typename === 'NotFound' && !isRefusal(await client.registerCodebase({ id, name: id }))) {
    const second = await claim(owner);
    if (!isAboutCodebase(second)) return second;
  }
  return claim(ownerAt({ ...place, codebaseId: null }, environment));
}

/**
 * Who a claim at a place is for. The directory counts as a worktree where nothing else is known. Production outlives
 * worktrees, whose removal releases what they hold, so it is the codebase's or the conversation's. Where neither is
 * known, it is the worktree's all the same: nobody's service is everybody's of the same name.
 */
export function ownerAt(place: CommandPlace, environment: Environment = 'DEV'): OwnerInput {
  const { codebaseId, conversationId, worktreePath, branch, cwd } = place;
  if (codebaseId === null && conversationId === null) return { worktreePath: worktreePath ?? cwd, branch };
  return { codebaseId, conversationId, ...(environment !== 'PRODUCTION' && { worktreePath, branch }) };
}

/** What a service of a place holds in an environment; null where it holds nothing, or nothing is known of the place. */
export async function heldAt(
  { client, place }: PlacedClient,
  environment: Environment,
  serviceName: string,
): Promise<PortAllocation | null> {
  const { worktreePath, codebaseId, conversationId } = ownerAt(place, environment);
  const parties = [{ worktreePath }, { codebaseId }, { conversationId }];
  const owner = parties.find((party) => Object.values(party).some(Boolean));
  if (!owner) return null;
  const where = { ...owner, host: place.host, serviceName, environments: [environment] };
  const { allocations } = await client.portAllocations({ where, first: 1_000 });
  // A codebase's own are in no worktree of it, and a conversation's own in no codebase either.
  const isOwn = ({ worktree, codebase }: PortAllocation) =>
    worktreePath ? true : worktree === null && (codebaseId ? true : codebase === null);
  return allocations.find(isOwn) ?? null;
}

function isAboutCodebase({ __typename, issues = [] }: Answer): boolean {
  if (__typename === 'NotFound') return true;
  return __typename === 'InvalidInput' && issues.every(({ path }) => path.at(-1) === 'codebaseId');
}

/** A place for a production service that exists already, and that no worktree's removal may make nobody's. */
export function withoutWorktree(place: CommandPlace, environment: Environment): CommandPlace {
  return environment === 'PRODUCTION' ? { ...place, worktreePath: null, cwd: null } : place;
}
