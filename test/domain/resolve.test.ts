import { describe, expect, it } from 'vitest';
import {
  allocatedWhileListening,
  type ConflictAction,
  configuredPortHeld,
  configuredTwice,
  conflictActions,
  orphanedWorktree,
  portSquatted,
  rangeNearlyExhausted,
  rangeOverlap,
  unregisteredListener,
} from '../../src/domain/conflicts.ts';
import { asPort } from '../../src/domain/port.ts';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { decideResolution } from '../../src/domain/resolve.ts';
import { known } from './review-batch.ts';
import {
  allocation,
  codebase,
  fromNoon,
  inWorktree,
  noon,
  outcomeOf,
  placed,
  quay,
  type Scene,
  seed,
  span,
  worktree,
} from './seed.ts';

const worktrees = [worktree('/bank'), worktree('/shop')];
const held = allocation(8000, {
  owner: inWorktree('/shop', { codebaseId: 'shop', conversationId: 'issue 1' }),
  description: 'The shop',
  metadata: { theme: 'dark' },
  status: 'active',
  liveness: 'squatted',
  misses: 2,
  processId: 7,
  allocatedAt: fromNoon(-1_000),
  lastCheckedAt: fromNoon(-1),
  lastActiveAt: fromNoon(-1),
});
const stranger = placed(8000, { workingDirectory: '/bank' }, worktrees);
const range = span(8000, 8009);

const squatted = known(portSquatted(held, stranger));
const forced = known(allocatedWhileListening(held, stranger));
const configured = known(configuredPortHeld(held, codebase('bank')));
const orphaned = known(orphanedWorktree(worktree('/shop'), [held]));
const kinds: [string, Conflict, readonly ConflictAction[]][] = [
  ['port_squatted', squatted, ['REALLOCATE', 'RELEASE', 'DISMISS']],
  ['allocated_while_listening', forced, ['REALLOCATE', 'RELEASE', 'DISMISS']],
  ['port_config_collision of a claim', configured, ['REALLOCATE', 'RELEASE', 'DISMISS']],
  ['port_config_collision of codebases', known(configuredTwice(quay, asPort(8000), [])), ['DISMISS']],
  ['unregistered_listener', known(unregisteredListener(quay, 'dev', stranger)), ['ADOPT', 'DISMISS']],
  ['orphaned_worktree', orphaned, ['RELEASE', 'DISMISS']],
  ['range_nearly_exhausted', known(rangeNearlyExhausted(quay, { environment: 'dev', range, used: 9 })), ['DISMISS']],
  ['range_overlap', known(rangeOverlap(quay, { environment: 'dev', range, overlap: range })), ['DISMISS']],
];

const resolve = (conflict: Conflict, action: ConflictAction, scene: Scene = {}) => {
  const surroundings = seed({ worktrees, allocations: [held], conflicts: [conflict], listening: [8000], ...scene });
  return { ...surroundings, outcome: outcomeOf(decideResolution({ conflict, action }, surroundings)) };
};

describe('settling a conflict', () => {
  it.each(kinds)('%s: every action that does not fit is refused, naming those that do', (_what, conflict, actions) => {
    for (const action of conflictActions.filter((each) => !actions.includes(each))) {
      const { outcome, ledger } = resolve(conflict, action);
      expect(outcome).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: ['action'] }] });
      expect(outcome).toHaveProperty(
        'message',
        `action: ${action} does not fit this conflict: it takes ${actions.join(' or ')}.`,
      );
      expect(ledger.changes()).toMatchObject({ allocations: [], conflicts: [], events: [] });
    }
  });

  it.each(kinds)('%s: is dismissed without any other change', (_what, conflict) => {
    const { outcome, ledger } = resolve(conflict, 'DISMISS');
    expect(outcome).toEqual({ conflict: { ...conflict, resolvedAt: noon, dismissed: true }, allocation: null });
    expect(ledger.changes()).toMatchObject({
      allocations: [],
      worktrees: [],
      events: [],
      conflictChanges: [{ state: 'resolved' }],
    });
  });

  it.each(kinds)('%s: is settled for good by each action that fits', (_what, conflict, actions) => {
    for (const action of actions) {
      const allocations = conflict.kind === 'unregistered_listener' ? [] : [held];
      const { outcome, ledger } = resolve(conflict, action, { allocations });
      expect(outcome).toMatchObject({
        conflict: { id: conflict.id, resolvedAt: noon, dismissed: action === 'DISMISS' },
      });
      expect(ledger.conflicts.on(quay).all()).toHaveLength(action === 'DISMISS' ? 1 : 0);
    }
  });

  it.each([
    ['resolved', { resolvedAt: fromNoon(-1) }],
    ['dismissed', { resolvedAt: fromNoon(-1), dismissed: true }],
  ])('that is %s already is refused', (_what, facts) => {
    for (const action of conflictActions) {
      const { outcome, ledger } = resolve({ ...squatted, ...facts }, action);
      expect(outcome).toMatchObject({
        code: 'INVALID_INPUT',
        message: 'id: The conflict was resolved at 2026-03-01T11:59:59.999Z: there is nothing left to do.',
      });
      expect(ledger.changes()).toMatchObject({ allocations: [], conflicts: [] });
    }
  });

  it.each(['RELEASE', 'REALLOCATE'] as const)('by %s finds that the claim is over', (action) => {
    const { outcome, ledger } = resolve(squatted, action, {
      allocations: [{ ...held, status: 'released', releasedAt: noon }],
    });
    expect(outcome).toMatchObject({
      code: 'NOT_FOUND',
      message: 'Nobody holds port 8000 any more: the conflict resolves by itself.',
    });
    expect(ledger.changes().events).toEqual([]);
  });
});

describe('RELEASE', () => {
  it('ends the claim that it is about, and no other', () => {
    const other = allocation(8001, { owner: inWorktree('/shop') });
    const { outcome, ledger } = resolve(squatted, 'RELEASE', { allocations: [held, other] });
    expect(outcome).toMatchObject({ allocation: { id: held.id, status: 'released', releasedAt: noon } });
    expect(ledger.changes().events).toMatchObject([
      {
        kind: 'released',
        cause: `conflict ${squatted.id} resolved: port squatted, forced`,
        allocation: { port: 8000 },
      },
    ]);
  });

  it('of an orphaned worktree removes it, and releases all that it holds', () => {
    const other = allocation(8001, { owner: inWorktree('/shop'), environment: 'production' });
    const strangers = allocation(8002, { owner: inWorktree('/bank') });
    const { outcome, ledger } = resolve(orphaned, 'RELEASE', { allocations: [held, other, strangers] });
    expect(outcome).toMatchObject({ allocation: null });
    expect(ledger.changes()).toMatchObject({
      worktrees: [{ path: '/shop', removedAt: noon }],
      events: [
        {
          kind: 'released',
          allocation: { port: 8000 },
          cause: `conflict ${orphaned.id} resolved: orphaned worktree, forced`,
        },
        { kind: 'released', allocation: { port: 8001 } },
      ],
    });
    expect(ledger.holder(quay, 8002)).toBe(strangers);
  });

  it('of an orphaned worktree that was removed meanwhile only settles it', () => {
    const removed = worktree('/shop', { removedAt: fromNoon(-1) });
    const { outcome, ledger } = resolve(orphaned, 'RELEASE', { worktrees: [removed], allocations: [] });
    expect(outcome).toMatchObject({ conflict: { resolvedAt: noon } });
    expect(ledger.changes()).toMatchObject({ worktrees: [], events: [] });
  });
});

describe('REALLOCATE', () => {
  it.each([squatted, forced, configured])('gives the same service another port: $kind', (conflict) => {
    const { outcome, ledger } = resolve(conflict, 'REALLOCATE');
    const moved = {
      ...held,
      id: 'new 1',
      port: 8001,
      status: 'allocated',
      liveness: 'unknown',
      misses: 0,
      processId: null,
      allocatedAt: noon,
      lastCheckedAt: null,
      lastActiveAt: null,
      publicHostnames: [],
    };
    expect(outcome).toMatchObject({ allocation: moved });
    const cause = `conflict ${conflict.id} resolved: ${conflict.kind.replaceAll('_', ' ')}, forced`;
    expect(ledger.changes().events).toMatchObject([
      { kind: 'released', cause: `${cause}: it is given port 8001 instead`, allocation: { id: held.id, port: 8000 } },
      { kind: 'allocated', cause: `${cause}: instead of port 8000`, allocation: moved },
    ]);
    expect(ledger.occupancy(quay).isHeld(8000)).toBe(false);
    expect(ledger.held({ ...held })).toMatchObject([{ port: 8001 }]);
  });

  it('passes over what cannot be had, and over the port that it is about though nobody listens there now', () => {
    const scene: Scene = {
      allocations: [held, allocation(8001)],
      listening: [8002],
      policy: { reserved: new Set([8003]) },
      codebases: [codebase('bank', { primaryPort: asPort(8004) })],
    };
    expect(resolve(squatted, 'REALLOCATE', scene).outcome).toMatchObject({ allocation: { port: 8005 } });
  });

  it('gives a registered port outside of every range one of its environment', () => {
    const registered = { ...held, port: asPort(5432), environment: 'production' as const };
    const conflict = known(portSquatted(registered, stranger));
    expect(resolve(conflict, 'REALLOCATE', { allocations: [registered] }).outcome).toMatchObject({
      allocation: { port: 9000, environment: 'production' },
    });
  });

  it('has the port probed first, and changes nothing until then', () => {
    const surroundings = seed({ worktrees, allocations: [held], conflicts: [squatted], unprobed: [8001] });
    expect(decideResolution({ conflict: squatted, action: 'REALLOCATE' }, surroundings)).toEqual({ unprobed: [8001] });
    expect(surroundings.ledger.changes()).toMatchObject({ allocations: [], conflicts: [], events: [] });
  });

  it('is refused where the range is full, and leaves the claim as it is', () => {
    const allocations = [held, ...Array.from({ length: 9 }, (_, index) => allocation(8001 + index))];
    const { outcome, ledger } = resolve(squatted, 'REALLOCATE', { allocations });
    expect(outcome).toMatchObject({ code: 'RANGE_EXHAUSTED', environment: 'dev' });
    expect(ledger.changes()).toMatchObject({ allocations: [], conflicts: [], events: [] });
  });
});
