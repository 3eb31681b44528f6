import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/domain/choose.ts';
import { orphanedWorktree, portSquatted, unregisteredListener } from '../../src/domain/conflicts.ts';
import { nobody } from '../../src/domain/owner.ts';
import type { Allocation } from '../../src/domain/registry-model.ts';
import { release } from '../../src/domain/release.ts';
import { decideWorktreeRemoval } from '../../src/domain/worktrees.ts';
import { known, review } from './review-batch.ts';
import { allocation, inWorktree, noon, placed, quay, smallPolicy, span, worktree } from './seed.ts';

const holding = (count: number): Allocation[] => Array.from({ length: count }, (_, index) => allocation(8000 + index));
const thousand = { ranges: { ...smallPolicy.ranges, dev: span(8000, 8999) }, utilizationAlert: 0.8 };

describe('a range', () => {
  const allocate =
    (port: number) =>
    ({ ledger }: Surroundings) =>
      void ledger.record('allocated', allocation(port));
  it.each([
    [798, []],
    [799, ['range_nearly_exhausted']],
    [800, ['range_nearly_exhausted']],
    [900, ['range_nearly_exhausted']],
  ])('of 1,000 ports of which one more than %i is held opens %j', (held, expected) => {
    expect(review({ allocations: holding(held), policy: thousand }, allocate(8999)).opened).toEqual(expected);
  });

  it.each([0.1, 0.3, 0.7, 0.9, 1])('of ten is nearly exhausted at exactly %d of it', (utilizationAlert) => {
    const enough = Math.round(utilizationAlert * 10);
    const policy = { utilizationAlert };
    expect(review({ allocations: holding(enough - 1), policy }, allocate(8009)).opened).toHaveLength(1);
    if (enough < 2) return;
    expect(review({ allocations: holding(enough - 2), policy }, allocate(8009)).opened).toEqual([]);
  });

  it('opens once, is not written as more is held, and resolves below the threshold', () => {
    const { after } = review({ allocations: holding(799), policy: thousand }, allocate(8799));
    const more = review({ ...after, allocations: holding(800) }, allocate(8800));
    expect(more.conflicts).toEqual([]);
    const still = review(
      { ...after, allocations: holding(801) },
      ({ ledger }) => void release(allocation(8000), ledger),
    );
    expect(still.conflicts).toEqual([]);
    const below = review(
      { ...after, allocations: holding(800) },
      ({ ledger }) => void release(allocation(8000), ledger),
    );
    expect(below.resolved).toEqual(['range_nearly_exhausted']);
  });

  it('is looked at as a batch leaves it', () => {
    const { conflicts } = review({ allocations: holding(799), policy: thousand }, ({ ledger }) => {
      release(ledger.record('allocated', allocation(8999)), ledger);
    });
    expect(conflicts).toEqual([]);
  });

  it('that was dismissed comes back once it was below the threshold', () => {
    const opened = review({ allocations: holding(799), policy: thousand }, allocate(8799)).after;
    const conflicts = opened.conflicts.map((each) => ({ ...each, resolvedAt: noon, dismissed: true }));
    const dismissed = { ...opened, conflicts };
    expect(review({ ...dismissed, allocations: holding(800) }, allocate(8800)).conflicts).toEqual([]);
    const below = review(
      { ...dismissed, allocations: holding(800) },
      ({ ledger }) => void release(allocation(8000), ledger),
    );
    expect(below.resolved).toEqual([]);
    expect(review({ ...below.after, allocations: holding(799) }, allocate(8799)).opened).toHaveLength(1);
  });
});

describe('a claim that is over', () => {
  const held = allocation(8000, { owner: inWorktree('/shop') });
  const stranger = placed(8000, { workingDirectory: '/opt' });
  it('settles the conflicts about it, and no others', () => {
    const other = allocation(8001);
    const conflicts = [portSquatted(held, stranger), portSquatted(other, placed(8001, {}))].map((each) => known(each));
    const scene = { allocations: [held, other], conflicts };
    expect(review(scene, ({ ledger }) => void release(held, ledger)).resolved).toEqual(['port_squatted 8000']);
  });

  it('makes a dismissed one forgotten', () => {
    const conflicts = [known(portSquatted(held, stranger), { resolvedAt: noon, dismissed: true })];
    const { resolved, after } = review({ allocations: [held], conflicts }, ({ ledger }) => void release(held, ledger));
    expect(resolved).toEqual([]);
    expect(after.conflicts).toEqual([]);
  });

  it('of a removed worktree settles that the worktree is gone', () => {
    const worktrees = [worktree('/shop')];
    const conflicts = [
      known(orphanedWorktree(worktree('/shop'), [held])),
      known(orphanedWorktree(worktree('/inn'), [held])),
    ];
    const { resolved, after } = review({ worktrees, allocations: [held], conflicts }, ({ ledger }) => {
      decideWorktreeRemoval({ hostName: quay, path: '/shop', owner: nobody, force: false }, ledger);
    });
    expect(resolved).toEqual(['orphaned_worktree']);
    expect(after.conflicts).toMatchObject([{ worktreeId: 'worktree at /inn' }]);
  });

  it('does not, where only some of a worktree’s claims are', () => {
    const conflicts = [known(orphanedWorktree(worktree('/shop'), [held]))];
    const scene = { worktrees: [worktree('/shop')], allocations: [held], conflicts };
    expect(review(scene, ({ ledger }) => void release(held, ledger)).resolved).toEqual([]);
  });
});

it('settles that a port is listened on without a claim, once somebody holds it', () => {
  const conflicts = [8000, 8001].map((port) => known(unregisteredListener(quay, 'dev', placed(port, {}))));
  const { resolved } = review({ conflicts }, ({ ledger }) => void ledger.record('registered', allocation(8000)));
  expect(resolved).toEqual(['unregistered_listener 8000']);
});
