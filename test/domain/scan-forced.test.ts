import { describe, expect, it } from 'vitest';
import { allocatedWhileListening, portSquatted } from '../../src/domain/conflicts.ts';
import type { Conflict, ConflictKind } from '../../src/domain/registry-model.ts';
import { known } from './review-batch.ts';
import { type Look, scan } from './scan-once.ts';
import { allocation, inWorktree, noon, placed, type Scene, seen, worktree } from './seed.ts';

const worktrees = [worktree('/bank', { device: 1 }), worktree('/shop', { device: 1 })];
const held = allocation(8000, { owner: inWorktree('/shop') });
const ofBank = seen(8000, { workingDirectory: '/bank' });
const strange = seen(8000, { workingDirectory: '/opt' });
const forced = known(allocatedWhileListening(held, placed(8000, { workingDirectory: '/opt' })));

const kinds = (conflicts: readonly Conflict[] = []) => conflicts.map(({ kind }) => kind);

describe('a port that was taken by force', () => {
  const scene: Scene = { worktrees, allocations: [held], conflicts: [forced] };
  it.each<[string, Look, ConflictKind[]]>([
    ['stays one while something listens that cannot be told', { listeners: [strange] }, ['allocated_while_listening']],
    ['stays one, and becomes no second one, while somebody else listens', { listeners: [ofBank] }, [forced.kind]],
    ['is none once its owner listens', { listeners: [seen(8000, { workingDirectory: '/shop' })] }, []],
    ['is none once nobody listens', {}, []],
  ])('%s', (_what, look, expected) => {
    expect(kinds(scan(scene, look).after.conflicts)).toEqual(expected);
  });

  it('is squatted as any other once nobody had listened on it', () => {
    const { after } = scan(scene, {});
    expect(kinds(scan(after, { listeners: [ofBank] }).after.conflicts)).toEqual(['port_squatted']);
  });

  it('is not squatted either where its conflict was dismissed, and the same goes on listening', () => {
    const ofSquatter = known(allocatedWhileListening(held, placed(8000, { workingDirectory: '/bank' })));
    const dismissed = { ...ofSquatter, resolvedAt: noon, dismissed: true };
    const { outcome, after } = scan({ ...scene, conflicts: [dismissed] }, { listeners: [ofBank] });
    expect(outcome).toMatchObject({ opened: [], resolved: [] });
    expect(after.conflicts).toEqual([dismissed]);
  });

  it('is no reason to keep silent about another claim that is squatted', () => {
    const other = allocation(8001, { owner: inWorktree('/shop') });
    const listeners = [ofBank, seen(8001, { workingDirectory: '/bank' })];
    const { outcome } = scan({ ...scene, allocations: [held, other] }, { listeners });
    expect(outcome.opened).toMatchObject([{ kind: 'port_squatted', allocationId: other.id }]);
  });

  it('ends that it is squatted, where both were open', () => {
    const both = [forced, known(portSquatted(held, placed(8000, { workingDirectory: '/bank' })))];
    const { outcome } = scan({ ...scene, conflicts: both }, { listeners: [ofBank] });
    expect(kinds(outcome.resolved)).toEqual(['port_squatted']);
  });

  it('is none once it is released', () => {
    const { after } = scan({ ...scene, allocations: [] }, { listeners: [strange] });
    expect(kinds(after.conflicts)).toEqual(['unregistered_listener']);
  });

  it('does not come from a look', () => {
    expect(kinds(scan({ worktrees, allocations: [held] }, { listeners: [strange] }).after.conflicts)).toEqual([]);
  });
});
