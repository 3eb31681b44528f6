import { describe, expect, it } from 'vitest';
import { nobody, type Owner } from '../../src/domain/owner.ts';
import { asPort } from '../../src/domain/port.ts';
import type { Allocation } from '../../src/domain/registry-model.ts';
import { decideRelease } from '../../src/domain/release.ts';
import {
  allocation,
  fromNoon,
  granted,
  inConversation,
  inWorktree,
  ofCodebase,
  quay,
  request,
  seed,
  service,
  worktree,
} from './seed.ts';

const shop = inWorktree('/shop', { codebaseId: 'shop', conversationId: 'issue 1' });
const worktrees = [worktree('/shop', { codebaseId: 'shop', conversationId: 'pull 2' })];
const later = fromNoon(60_000);

function release(held: Allocation | undefined, owner: Owner, force = false) {
  const { ledger } = seed({ allocations: held ? [held] : [], worktrees, now: later });
  const outcome = decideRelease({ hostName: quay, port: asPort(8000), owner, force }, ledger);
  return { outcome, ledger };
}

describe('releasing', () => {
  it.each([
    ['its worktree', inWorktree('/shop')],
    ['its conversation', inConversation('issue 1')],
    ["its worktree's conversation", inConversation('pull 2')],
  ])('is done for %s, and is an event', (_who, owner) => {
    const held = allocation(8000, { owner: shop, status: 'active' });
    const { outcome, ledger } = release(held, owner);
    const released = { ...held, status: 'released', releasedAt: later };
    expect(outcome).toEqual(released);
    expect(ledger.changes()).toMatchObject({
      allocations: [released],
      events: [{ kind: 'released', cause: null, worktreePath: '/shop', occurredAt: later, allocation: released }],
    });
    expect(ledger.holder(quay, 8000)).toBeUndefined();
    expect(ledger.occupancy(quay).isHeld(8000)).toBe(false);
  });

  it.each([
    ['another worktree', inWorktree('/bank')],
    ['its codebase from elsewhere', ofCodebase('shop')],
    ['another conversation', inConversation('issue 9')],
    ['nobody', nobody],
  ])('is refused to %s, unless forced', (_who, owner) => {
    const held = allocation(8000, { owner: shop });
    const { outcome, ledger } = release(held, owner);
    expect(outcome).toMatchObject({ code: 'NOT_OWNER', holder: held });
    expect(ledger.changes().events).toEqual([]);
    expect(release(held, owner, true).outcome).toMatchObject({ id: held.id, status: 'released' });
  });

  it.each([
    ['its codebase', ofCodebase('shop'), ofCodebase('shop')],
    ['a worktree of its codebase', ofCodebase('shop'), inWorktree('/bank', { codebaseId: 'shop' })],
    ['anyone where it has no owner', nobody, inWorktree('/bank')],
    ['nobody where it has no owner', nobody, nobody],
  ])('is done without a worktree for %s', (_who, holder, caller) => {
    expect(release(allocation(8000, { owner: holder }), caller).outcome).toMatchObject({ status: 'released' });
  });

  it.each([
    ['its owner', inWorktree('/shop'), 'is public as a.example, b.example: use force'],
    ['another', inWorktree('/bank'), 'ask its owner'],
  ])('of a public port is refused to %s, unless forced', (_who, owner, words) => {
    const held = allocation(8000, { owner: shop, publicHostnames: ['a.example', 'b.example'] });
    expect(release(held, owner).outcome).toMatchObject({ code: 'NOT_OWNER', message: expect.stringContaining(words) });
    expect(release(held, owner, true).outcome).toMatchObject({ status: 'released' });
  });

  it.each([false, true])('is refused where nobody holds the port (force: %s)', (force) => {
    expect(release(undefined, nobody, force).outcome).toMatchObject({ code: 'NOT_FOUND' });
    const history = allocation(8000, { releasedAt: later });
    expect(release(history, nobody, force).outcome).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('and allocating again work for ever', () => {
    const surroundings = seed({ worktrees });
    for (let round = 0; round < 50; round++) {
      expect(granted(surroundings, request([service('web')], { owner: inWorktree('/shop') }))).toEqual([8000]);
      const released = decideRelease(
        { hostName: quay, port: asPort(8000), owner: inWorktree('/shop'), force: false },
        surroundings.ledger,
      );
      expect(released).toMatchObject({ status: 'released' });
    }
    const { allocations, events } = surroundings.ledger.changes();
    expect(allocations).toHaveLength(50);
    expect(events).toHaveLength(100);
  });
});
