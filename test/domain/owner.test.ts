import { describe, expect, it } from 'vitest';
import { describeOwner, isParty, nobody, type Owner, ownerKey } from '../../src/domain/owner.ts';
import { allocation, worktree } from './seed.ts';

const given = [null, 'mine', 'theirs'] as const;
const owners: Owner[] = given.flatMap((worktreePath) =>
  given.flatMap((codebaseId) => given.map((conversationId) => ({ worktreePath, codebaseId, conversationId }))),
);

const title = ({ worktreePath, codebaseId, conversationId }: Owner) =>
  `${worktreePath ?? '-'}/${codebaseId ?? '-'}/${conversationId ?? '-'}`;

describe("an owner's key", () => {
  it.each([
    [{ worktreePath: '/w', codebaseId: 'c', conversationId: 'v' }, 'worktree:/w', 'worktree /w'],
    [{ worktreePath: '/w', codebaseId: null, conversationId: 'v' }, 'worktree:/w', 'worktree /w'],
    [{ worktreePath: null, codebaseId: 'c', conversationId: 'v' }, 'codebase:c', 'codebase c'],
    [{ worktreePath: null, codebaseId: 'c:d', conversationId: null }, 'codebase:c:d', 'codebase c:d'],
    [{ worktreePath: null, codebaseId: null, conversationId: 'v' }, 'conversation:v', 'conversation v'],
    [nobody, 'nobody', 'no owner'],
  ])('is for %j %s', (owner, key, words) => {
    expect(ownerKey(owner)).toBe(key);
    expect(describeOwner(key)).toBe(words);
  });

  it('tells a worktree, a codebase and a conversation of one name apart', () => {
    const keys = [
      ownerKey({ ...nobody, worktreePath: 'x' }),
      ownerKey({ ...nobody, codebaseId: 'x' }),
      ownerKey({ ...nobody, conversationId: 'x' }),
    ];
    expect(new Set(keys).size).toBe(3);
  });
});

/**
 * Rule 10 once more, from its words: the same worktree or the same conversation may; without a
 * worktree, the same codebase may; without any owner, anyone may.
 */
function mayAct(caller: Owner, holder: Owner, conversationOfWorktree: string | null): boolean {
  const same = (one: string | null, other: string | null) => one !== null && one === other;
  const ownerless = holder.worktreePath === null && holder.codebaseId === null && holder.conversationId === null;
  const sameConversation =
    same(caller.conversationId, holder.conversationId) ||
    (holder.worktreePath !== null && same(caller.conversationId, conversationOfWorktree));
  const sameCodebase = holder.worktreePath === null && same(caller.codebaseId, holder.codebaseId);
  return ownerless || same(caller.worktreePath, holder.worktreePath) || sameConversation || sameCodebase;
}

describe('acting on an allocation (worktree/codebase/conversation)', () => {
  it.each(owners.map((holder) => ({ holder, of: title(holder) })))(
    'of $of is for exactly those whom rule 10 names',
    ({ holder }) => {
      const path = holder.worktreePath;
      const held = allocation(8000, { owner: holder });
      for (const conversationId of path === null ? [null] : given) {
        const home = path === null ? undefined : worktree(path, { conversationId });
        const parties = owners.filter((caller) => isParty(caller, held, home)).map(title);
        expect(parties).toEqual(owners.filter((caller) => mayAct(caller, holder, conversationId)).map(title));
      }
    },
  );
});

describe('a party', () => {
  const inShop = { ...nobody, worktreePath: '/shop', codebaseId: 'shop', conversationId: 'issue 1' };
  const held = allocation(8000, { owner: inShop });
  const home = worktree('/shop', { codebaseId: 'shop', conversationId: 'pull 2' });

  it.each([
    ['its worktree', { ...nobody, worktreePath: '/shop' }, true],
    ['the conversation that asked for it', { ...nobody, conversationId: 'issue 1' }, true],
    ['the conversation that registered its worktree', { ...nobody, conversationId: 'pull 2' }, true],
    ['its codebase from elsewhere', { ...nobody, codebaseId: 'shop' }, false],
    ['another worktree of its codebase', { ...nobody, worktreePath: '/bank', codebaseId: 'shop' }, false],
    ['another conversation', { ...nobody, conversationId: 'issue 3' }, false],
    ['nobody in particular', nobody, false],
  ])('is %s: %j', (_who, caller, expected) => {
    expect(isParty(caller, held, home)).toBe(expected);
  });
});
