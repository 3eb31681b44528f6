import { expect, it } from 'vitest';
import { type ConflictFilter, matchesConflict } from '../../src/domain/conflict-filter.ts';
import type { Conflict } from '../../src/domain/registry-model.ts';

const conflict = { hostName: 'quay', kind: 'port_squatted' } as Conflict; // a filter looks at nothing else

const cases: readonly (readonly [ConflictFilter, boolean])[] = [
  [{}, true],
  [{ hostName: undefined, kinds: undefined }, true],
  [{ hostName: 'quay' }, true],
  [{ hostName: 'pier' }, false],
  [{ kinds: ['range_overlap', 'port_squatted'] }, true],
  [{ kinds: ['range_overlap'] }, false],
  [{ kinds: [] }, false],
  [{ hostName: 'quay', kinds: ['port_squatted'] }, true],
  [{ hostName: 'pier', kinds: ['port_squatted'] }, false],
  [{ hostName: 'quay', kinds: ['range_overlap'] }, false],
];

it.each(cases)('a squatted port on quay: %o is %s', (filter, expected) => {
  expect(matchesConflict(conflict, filter)).toBe(expected);
});
