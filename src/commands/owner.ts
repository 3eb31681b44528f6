import type { Environment, OwnerInput } from '../client/client.ts';
import type { CommandPlace } from './command.ts';

/**
 * On whose behalf something is claimed. Production outlives worktrees, whose removal releases what they hold, so it
 * is claimed for the codebase or the conversation. The directory counts as a worktree where nothing else is known.
 */
export function claimantAt(place: CommandPlace, environment: Environment): OwnerInput {
  const { codebaseId, conversationId } = place;
  if (environment === 'PRODUCTION') return { codebaseId, conversationId };
  return callerAt(place);
}

/** On whose behalf something that is held is changed. */
export function callerAt({ codebaseId, conversationId, worktreePath, cwd }: CommandPlace): OwnerInput {
  const isNowhere = codebaseId === null && conversationId === null;
  return { codebaseId, conversationId, worktreePath: worktreePath ?? (isNowhere ? cwd : null) };
}

interface Answer {
  readonly __typename: string;
  readonly issues?: readonly { readonly path: readonly string[] }[];
}

/**
 * Claims for an owner whose codebase the registry may not know, or not as the worktree's: then without it. So a
 * caller's own ids never stand in the way of a port.
 */
export async function claimFor<Result extends Answer>(
  owner: OwnerInput,
  claim: (owner: OwnerInput) => Promise<Result>,
): Promise<Result> {
  const result = await claim(owner);
  if (owner.codebaseId == null || !isAboutCodebase(result)) return result;
  return claim({ ...owner, codebaseId: null });
}

function isAboutCodebase({ __typename, issues = [] }: Answer): boolean {
  if (__typename === 'NotFound') return true;
  return __typename === 'InvalidInput' && issues.every(({ path }) => path.at(-1) === 'codebaseId');
}
