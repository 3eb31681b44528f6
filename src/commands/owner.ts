import type { Environment, OwnerInput } from '../client/client.ts';
import type { CommandPlace } from './command.ts';

/** On whose behalf something that is held is changed: whoever could have claimed it from this place. */
export function callerAt({ codebaseId, conversationId, worktreePath, cwd }: CommandPlace): OwnerInput {
  return { codebaseId, conversationId, worktreePath: worktreePath ?? cwd };
}

interface Answer {
  readonly __typename: string;
  readonly issues?: readonly { readonly path: readonly string[] }[];
}

/**
 * Claims on behalf of a place whose codebase the registry may not know, or not as the worktree's: then without it. So
 * a caller's own ids never stand in the way of a port.
 */
export async function claimAt<Result extends Answer>(
  place: CommandPlace,
  environment: Environment,
  claim: (owner: OwnerInput) => Promise<Result>,
): Promise<Result> {
  const result = await claim(claimantAt(place, environment));
  if (place.codebaseId === null || !isAboutCodebase(result)) return result;
  return claim(claimantAt({ ...place, codebaseId: null }, environment));
}

/**
 * The directory counts as a worktree where nothing else is known. Production outlives worktrees, whose removal releases what they hold, so it is the codebase's or the conversation's.
 * Where neither is known, it is the worktree's all the same: nobody's service is everybody's of the same name.
 */
function claimantAt(place: CommandPlace, environment: Environment): OwnerInput {
  const { codebaseId, conversationId, worktreePath, branch, cwd } = place;
  if (codebaseId === null && conversationId === null) return { worktreePath: worktreePath ?? cwd, branch };
  return { codebaseId, conversationId, ...(environment !== 'PRODUCTION' && { worktreePath, branch }) };
}

function isAboutCodebase({ __typename, issues = [] }: Answer): boolean {
  if (__typename === 'NotFound') return true;
  return __typename === 'InvalidInput' && issues.every(({ path }) => path.at(-1) === 'codebaseId');
}

/** A place for a production service that exists already, and that no worktree's removal may make nobody's. */
export function withoutWorktree(place: CommandPlace, environment: Environment): CommandPlace {
  return environment === 'PRODUCTION' ? { ...place, worktreePath: null, cwd: null } : place;
}
