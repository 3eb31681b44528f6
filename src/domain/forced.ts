import { nobody, type Owner } from './owner.ts';

interface Act {
  readonly force: boolean;
  /** On whose behalf it was asked for. Default: nobody. */
  readonly owner?: Owner;
}

/** What the cause of an event says where force was asked for, and on whose behalf; null where it was not. */
export function forcedCause({ force, owner = nobody }: Act): string | null {
  if (!force) return null;
  const { worktreePath, codebaseId, conversationId } = owner;
  const callers = Object.entries({ worktree: worktreePath, codebase: codebaseId, conversation: conversationId });
  const named = callers.flatMap(([kind, name]) => (name === null ? [] : [`${kind} ${name}`]));
  return named.length > 0 ? `forced on behalf of ${named.join(', ')}` : 'forced';
}
