import { describe, expect, it } from 'vitest';
import { decideAllocation } from '../../src/domain/allocate.ts';
import type { Surroundings } from '../../src/domain/choose.ts';
import { asPort } from '../../src/domain/port.ts';
import { PortUnavailable } from '../../src/domain/refusals.ts';
import {
  allocation,
  codebase,
  fromNoon,
  granted,
  inWorktree,
  noon,
  outcomeOf,
  placed,
  request,
  type Scene,
  seed,
  service,
  worktree,
} from './seed.ts';

const shop = inWorktree('/shop', { codebaseId: 'shop' });
const bank = inWorktree('/bank');

const refusal = (surroundings: Surroundings, ...asked: Parameters<typeof request>) =>
  outcomeOf(decideAllocation(request(...asked), surroundings));

describe('an exact port', () => {
  const foreign = codebase('mall', { primaryPort: asPort(8000) });
  it.each([
    ['ALLOCATED', { allocations: [allocation(8000, { owner: shop })] }, 8000],
    ['QUARANTINED', { allocations: [allocation(8000, { owner: shop, releasedAt: noon })] }, 8000],
    ['RESERVED', { policy: { reserved: new Set([8000]) } }, 8000],
    ['CONFIGURED_ELSEWHERE', { codebases: [foreign] }, 8000],
    ['OUT_OF_RANGE', {}, 7000],
    ['PRIVILEGED', {}, 80],
  ])('is refused as %s, force or not', (reason, scene, exact) => {
    for (const force of [false, true]) {
      const outcome = refusal(seed(scene), [service('web', { exact })], { owner: bank, force });
      expect(outcome).toBeInstanceOf(PortUnavailable);
      expect(outcome).toMatchObject({ reasons: expect.arrayContaining([reason]), port: exact });
    }
  });

  it('is refused where something listens, unless forced', () => {
    const asked = [service('web', { exact: 8000 })];
    const outcome = refusal(seed({ listening: [8000] }), asked, { owner: bank });
    expect(outcome).toMatchObject({ reasons: ['LISTENING'], suggestions: [8001, 8002, 8003], holder: null });
    expect(granted(seed({ listening: [8000] }), request(asked, { owner: bank, force: true }))).toEqual([8000]);
  });

  it('wants the port probed, and its listener told, before it is forced', () => {
    const forced = request([service('web', { exact: 8000 })], { owner: bank, force: true });
    expect(decideAllocation(forced, seed({ unprobed: [8000] }))).toEqual({ unprobed: [8000] });
    const unidentified = { ...seed({ listening: [8000] }), identified: () => undefined };
    expect(decideAllocation(forced, unidentified)).toEqual({ unprobed: [8000] });
    expect(unidentified.ledger.changes()).toMatchObject({ allocations: [], conflicts: [], events: [] });
  });

  it.each([
    ['a stranger in another worktree', '/inn', 'open'],
    ['a process that cannot be seen', null, 'open'],
    ['its own process', '/bank/api', undefined],
  ])('that is forced from under %s is a conflict: %s %s', (_what, workingDirectory, state) => {
    const worktrees = [worktree('/bank'), worktree('/inn')];
    const identified = new Map(
      workingDirectory === null ? [] : [[8000, placed(8000, { workingDirectory }, worktrees)]],
    );
    const surroundings = seed({ worktrees, listening: [8000], identified });
    granted(surroundings, request([service('web', { exact: 8000 })], { owner: bank, force: true }));
    const { conflicts, conflictChanges } = surroundings.ledger.changes();
    expect(conflictChanges.map((each) => each.state)).toEqual(state ? [state] : []);
    expect(conflicts.map(({ kind, port, allocationId }) => ({ kind, port, allocationId }))).toEqual(
      state ? [{ kind: 'allocated_while_listening', port: 8000, allocationId: 'new 1' }] : [],
    );
  });

  it('whose own listener is there is granted without force, and again after a release', () => {
    const worktrees = [worktree('/bank')];
    const identified = new Map([[8005, placed(8005, { workingDirectory: '/bank' }, worktrees)]]);
    const scene: Scene = { worktrees, listening: [8005], identified };
    for (const wish of [{ exact: 8005 }, { preferred: 8005 }]) {
      expect(granted(seed(scene), request([service('web', wish)], { owner: bank }))).toEqual([8005]);
    }
    const released = allocation(8005, { owner: bank, releasedAt: fromNoon(-1) });
    expect(granted(seed({ ...scene, allocations: [released] }), request([service('web')], { owner: bank }))).toEqual([
      8005,
    ]);
    expect(
      granted(seed({ ...scene, allocations: [released] }), request([service('web')], { owner: inWorktree('/inn') })),
    ).toEqual([8000]);
  });

  it('is refused, when forced, for the other reasons only', () => {
    const scene = { listening: [8000], policy: { reserved: new Set([8000]) } };
    const outcome = refusal(seed(scene), [service('web', { exact: 8000 })], { owner: bank, force: true });
    expect(outcome).toMatchObject({ reasons: ['RESERVED'] });
  });

  it('is the only one that force gives: a preferred or automatic one stays free of listeners', () => {
    const scene = { listening: [8000, 8005] };
    expect(granted(seed(scene), request([service('web')], { force: true }))).toEqual([8001]);
    expect(granted(seed(scene), request([service('web', { preferred: 8005 })], { force: true }))).toEqual([8001]);
  });
});
