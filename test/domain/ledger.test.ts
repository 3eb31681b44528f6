import { describe, expect, it } from 'vitest';
import { asPort } from '../../src/domain/port.ts';
import { release } from '../../src/domain/release.ts';
import { allocation, codebase, fromNoon, inWorktree, quay, seed, worktree } from './seed.ts';

const owner = inWorktree('/shop');
const key = { hostName: quay, environment: 'dev' as const, owner: 'worktree:/shop', serviceName: 'web' };

describe('a ledger', () => {
  it('sees at once what is recorded', () => {
    const { ledger } = seed({ worktrees: [worktree('/shop')] });
    const held = ledger.record('allocated', allocation(8000, { owner }));
    expect(ledger.holder(quay, 8000)).toBe(held);
    expect(ledger.held(key)).toEqual([held]);
    expect(ledger.heldIn('worktree at /shop')).toEqual([held]);
    expect(ledger.formerPort(key)).toBeNull();
    expect(ledger.occupancy(quay).isHeld(8000)).toBe(true);

    release(held, ledger);
    expect(ledger.holder(quay, 8000)).toBeUndefined();
    expect(ledger.held(key)).toEqual([]);
    expect(ledger.heldIn('worktree at /shop')).toEqual([]);
    expect(ledger.formerPort(key)).toBe(8000);
    expect(ledger.occupancy(quay).isHeld(8000)).toBe(false);
  });

  it('forgets under the old keys what changed hands', () => {
    const { ledger } = seed({ allocations: [allocation(8000, { owner })] });
    ledger.record('transferred', { ...allocation(8000), id: allocation(8000, { owner }).id });
    expect(ledger.held(key)).toEqual([]);
    expect(ledger.heldIn('worktree at /shop')).toEqual([]);
    expect(ledger.holder(quay, 8000)?.owner).toBe('nobody');
  });

  it('changes each row once, as it stands in the end, with an event for each change', () => {
    const { ledger } = seed({ now: fromNoon(1) });
    const held = ledger.record('allocated', allocation(8000));
    const released = release(held, ledger, 'a reason');
    const { allocations, events } = ledger.changes();
    expect(allocations).toEqual([released]);
    expect(events.map(({ kind, cause, occurredAt }) => ({ kind, cause, occurredAt }))).toEqual([
      { kind: 'allocated', cause: null, occurredAt: fromNoon(1) },
      { kind: 'released', cause: 'a reason', occurredAt: fromNoon(1) },
    ]);
    expect(events.map((event) => event.allocation)).toEqual([held, released]);
  });

  it('lists as changed only what was put, not what was loaded', () => {
    const { ledger } = seed({
      worktrees: [worktree('/shop')],
      codebases: [codebase('shop')],
      allocations: [allocation(8000)],
    });
    expect(ledger.changes()).toEqual({
      codebases: [],
      worktrees: [],
      allocations: [],
      conflicts: [],
      conflictChanges: [],
      events: [],
      observations: [],
      prunings: [],
    });
    ledger.putWorktree(worktree('/shop', { branch: 'main' }));
    ledger.putCodebase(codebase('shop', { primaryPort: asPort(8001) }));
    expect(ledger.changes()).toMatchObject({ worktrees: [{ branch: 'main' }], codebases: [{ primaryPort: 8001 }] });
    expect(ledger.worktreeAt(quay, '/shop')?.branch).toBe('main');
  });

  it('tells hosts and paths apart', () => {
    const { ledger } = seed({ worktrees: [worktree('/shop')], allocations: [allocation(8000, { owner })] });
    expect(ledger.worktreeAt('pier', '/shop')).toBeUndefined();
    expect(ledger.worktreeAt(quay, '/shop/')).toBeUndefined();
    expect(ledger.holder('pier', 8000)).toBeUndefined();
    expect(() => ledger.occupancy('pier')).toThrow('The host pier was not loaded.');
  });
});
