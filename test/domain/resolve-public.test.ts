import { describe, expect, it } from 'vitest';
import {
  allocatedWhileListening,
  type ConflictAction,
  configuredPortHeld,
  orphanedWorktree,
  portSquatted,
} from '../../src/domain/conflicts.ts';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { decideResolution } from '../../src/domain/resolve.ts';
import { known } from './review-batch.ts';
import { allocation, codebase, inWorktree, outcomeOf, placed, quay, type Scene, seed, worktree } from './seed.ts';

const worktrees = [worktree('/bank'), worktree('/shop')];
const held = allocation(8000, { owner: inWorktree('/shop') });
const stranger = placed(8000, { workingDirectory: '/bank' }, worktrees);
const squatted = known(portSquatted(held, stranger));
const forced = known(allocatedWhileListening(held, stranger));
const configured = known(configuredPortHeld(held, codebase('bank')));
const orphaned = known(orphanedWorktree(worktree('/shop'), [held]));

const resolve = (conflict: Conflict, action: ConflictAction, scene: Scene) => {
  const surroundings = seed({ worktrees, conflicts: [conflict], ...scene });
  return { ...surroundings, outcome: outcomeOf(decideResolution({ conflict, action }, surroundings)) };
};

describe('a claim that is public', () => {
  const open = { ...held, publicHostnames: ['shop.example', 'www.shop.example'] };
  const refusal = {
    code: 'INVALID_INPUT',
    issues: [{ path: ['action'] }],
    message: expect.stringMatching(
      /^action: Port 8000 on quay .* is public as shop\.example, www\.shop\.example, .*force/,
    ),
  };
  const cases = [squatted, forced, configured].flatMap((conflict) =>
    (['RELEASE', 'REALLOCATE'] as const).map((action) => ({ conflict, action, kind: conflict.kind })),
  );

  it.each(cases)('is neither released nor moved to settle a conflict: $kind, $action', ({ conflict, action }) => {
    const { outcome, ledger } = resolve(conflict, action, { allocations: [open] });
    expect(outcome).toMatchObject(refusal);
    expect(ledger.changes()).toMatchObject({ allocations: [], conflicts: [], conflictChanges: [], events: [] });
    expect(ledger.conflicts.on(quay).all()).toEqual([conflict]);
  });

  it('is refused before any port is probed', () => {
    const surroundings = seed({ worktrees, allocations: [open], conflicts: [squatted], unprobed: [8001] });
    expect(outcomeOf(decideResolution({ conflict: squatted, action: 'REALLOCATE' }, surroundings))).toMatchObject(
      refusal,
    );
  });

  it('keeps its orphaned worktree, and all else that this holds', () => {
    const other = allocation(8001, { owner: inWorktree('/shop') });
    const { outcome, ledger } = resolve(orphaned, 'RELEASE', { allocations: [other, open] });
    expect(outcome).toMatchObject(refusal);
    expect(ledger.changes()).toMatchObject({ allocations: [], worktrees: [], conflicts: [], events: [] });
  });

  it('is no obstacle to releasing another one, nor to dismissing', () => {
    const other = allocation(8001, { owner: inWorktree('/shop'), publicHostnames: ['api.example'] });
    expect(resolve(squatted, 'RELEASE', { allocations: [held, other] }).outcome).toMatchObject({
      allocation: { id: held.id, status: 'released' },
    });
    expect(resolve(squatted, 'DISMISS', { allocations: [open] }).outcome).toMatchObject({
      conflict: { dismissed: true },
    });
  });
});
