import { describe, expect, it } from 'vitest';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { scan } from './scan-once.ts';
import { span } from './seed.ts';

describe('a range that overlaps the ephemeral one', () => {
  const overlapsOf = (start: number, end: number, reserved: [number, number][] = []) =>
    scan({}, { ephemeralRange: { ...span(start, end), reserved: reserved.map((each) => span(...each)) } }).outcome
      .opened;
  const told = (conflicts: readonly Conflict[]) =>
    conflicts.map(({ environment, message }) => [environment, /given (\d+-\d+)/.exec(message)?.[1]]);

  it.each<[string, [number, number, [number, number][]?], unknown[]]>([
    [
      'all of it',
      [1024, 65535],
      [
        ['dev', '8000-8009'],
        ['test', '7000-7009'],
        ['production', '9000-9009'],
      ],
    ],
    ['its last port', [8009, 8999], [['dev', '8009-8009']]],
    ['its first port', [7999, 8000], [['dev', '8000-8000']]],
    ['nothing of it', [32768, 60999], []],
    ['all of it, of which the system keeps a part', [8000, 8999, [[8000, 8004]]], [['dev', '8005-8009']]],
    ['all of it, of which the system keeps the middle', [8000, 8999, [[8001, 8008]]], [['dev', '8000-8009']]],
    ['all of it, which the system keeps', [8000, 8999, [[7000, 8009]]], []],
    [
      'all of it, which the system keeps by parts',
      [
        8000,
        8999,
        [
          [8005, 8020],
          [8000, 8004],
        ],
      ],
      [],
    ],
    [
      'all of it, of which the system keeps all but one',
      [
        8000,
        8999,
        [
          [8000, 8003],
          [8005, 8009],
        ],
      ],
      [['dev', '8004-8004']],
    ],
  ])('in %s', (_what, range, expected) => {
    expect(told(overlapsOf(...range))).toEqual(expected);
  });

  it('stays as it is where the ephemeral one cannot be told', () => {
    const opened = scan({}, { ephemeralRange: { ...span(8000, 8999), reserved: [] } }).after;
    const { outcome, after } = scan(opened, {});
    expect(outcome.resolved).toEqual([]);
    expect(after.conflicts).toEqual(opened.conflicts);
  });
});
