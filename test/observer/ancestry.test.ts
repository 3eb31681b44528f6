import { describe, expect, it } from 'vitest';
import { ancestorsOf, type Lineage } from '../../src/observer/ancestry.ts';

/** From process to parent and session. */
const family = (processes: Record<number, [parent: number, ...sessionMarks: string[]]>) => (id: number) => {
  const [parent, ...sessionMarks] = processes[id] ?? [];
  return parent === undefined ? undefined : ({ parent, sessionMarks } satisfies Lineage);
};

describe('the ancestors of a process', () => {
  it.each([
    { when: 'all are of its session', of: family({ 9: [8, 's'], 8: [7, 's'], 7: [0, 's'] }), ancestors: [8, 7] },
    {
      when: 'the grandparent is of another',
      of: family({ 9: [8, 's'], 8: [7, 's'], 7: [6, 't'], 6: [0, 's'] }),
      ancestors: [8],
    },
    { when: 'the parent is of another', of: family({ 9: [8, 's'], 8: [7, 't'], 7: [6, 't'] }), ancestors: [8] },
    {
      when: 'two share one mark of several',
      of: family({ 9: [8, 'g9', 't1'], 8: [7, 'g8'], 7: [6, 'g7', 't1'] }),
      ancestors: [8, 7],
    },
    { when: 'sessions are not known', of: family({ 9: [8], 8: [7], 7: [0] }), ancestors: [8] },
    { when: 'the parent cannot be looked at', of: family({ 9: [8, 's'] }), ancestors: [8] },
    { when: 'it has none', of: family({ 9: [0, 's'] }), ancestors: [] },
    { when: 'it is not known', of: family({}), ancestors: [] },
  ])('end where they should when $when', ({ of, ancestors }) => {
    expect(ancestorsOf(9, of)).toEqual(ancestors);
  });

  it('end where ids form a ring', () => {
    const ring = ancestorsOf(9, family({ 9: [8, 's'], 8: [9, 's'] }));
    expect(ring.slice(0, 3)).toEqual([8, 9, 8]);
    expect(ring.length).toBeLessThan(100);
  });
});
