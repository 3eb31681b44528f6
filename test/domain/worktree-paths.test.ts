import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Worktree } from '../../src/domain/registry-model.ts';
import { observePaths, type PathSight, presenceOf } from '../../src/domain/worktree-paths.ts';
import { fromNoon, quay, seed, smallPolicy, worktree } from './seed.ts';

const there: PathSight = { exists: true, device: 1 };
const gone: PathSight = { exists: false, device: 1 };
const elsewhere: PathSight = { exists: false, device: 2 };
const hidden: PathSight = { exists: false, device: null };

describe('a worktree', () => {
  it.each<[string, number | null, PathSight, string]>([
    ['that is seen', 1, there, 'there'],
    ['that is seen for the first time', null, there, 'there'],
    ['that is seen on another file system', 2, there, 'there'],
    ['that is not where it was seen', 1, gone, 'gone'],
    ['that was never seen', null, gone, 'not visible'],
    ['whose file system is another one', 1, elsewhere, 'not visible'],
    ['above which nothing may be looked at', 1, hidden, 'not visible'],
    ['that was never seen, above which nothing may be looked at', null, hidden, 'not visible'],
  ])('%s', (_what, device, sight, expected) => {
    expect(presenceOf(worktree('/shop', { device }), sight)).toBe(expected);
  });
});

const { cleanup } = smallPolicy;

/** The worktree as it is after each of these looks, one a second. */
function inTurn(sights: readonly PathSight[], from: Worktree = worktree('/shop', { device: 1 })): Worktree[] {
  let known = from;
  return sights.map((sight, index) => {
    const { ledger } = seed({ worktrees: [known], now: fromNoon(index * 1_000) });
    observePaths(new Map([['/shop', sight]]), quay, ledger, cleanup);
    const seen = ledger.worktreeAt(quay, '/shop') ?? known;
    expect(ledger.changes().worktrees).toEqual(seen === known ? [] : [seen]);
    known = seen;
    return known;
  });
}

const facts = ({ missingSince, misses, device }: Worktree) => [missingSince?.getTime() ?? null, misses, device];
const t = (seconds: number) => fromNoon(seconds * 1_000).getTime();

describe('looking for worktrees', () => {
  it.each<[string, PathSight[], unknown[]]>([
    [
      'counts the looks that miss it, and keeps since when',
      [gone, gone, there],
      [
        [t(0), 1, 1],
        [t(0), 2, 1],
        [null, 0, 1],
      ],
    ],
    [
      'counts no further than a cleanup asks for',
      [gone, gone, gone, gone, gone],
      [
        [t(0), 1, 1],
        [t(0), 2, 1],
        [t(0), 3, 1],
        [t(0), 3, 1],
        [t(0), 3, 1],
      ],
    ],
    [
      'begins anew once it came back',
      [gone, gone, there, gone],
      [
        [t(0), 1, 1],
        [t(0), 2, 1],
        [null, 0, 1],
        [t(3), 1, 1],
      ],
    ],
    [
      'begins anew once it could not be seen, and remembers where it was',
      [gone, elsewhere, hidden, gone],
      [
        [t(0), 1, 1],
        [null, 0, 1],
        [null, 0, 1],
        [t(3), 1, 1],
      ],
    ],
    [
      'remembers the file system that it moved to',
      [{ exists: true, device: 2 }, gone, elsewhere],
      [
        [null, 0, 2],
        [null, 0, 2],
        [t(2), 1, 2],
      ],
    ],
  ])('%s', (_what, sights, expected) => {
    expect(inTurn(sights).map(facts)).toEqual(expected);
  });

  it('never misses one that was never seen', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(gone, elsewhere, hidden)), (sights) => {
        const never = worktree('/shop');
        for (const seen of inTurn(sights, never)) expect(seen).toEqual(never);
      }),
    );
  });

  it('counts exactly the looks in a row that missed it where it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(there, gone, gone, gone, elsewhere, hidden), { maxLength: 12 }),
        (sights) => {
          for (const [index, { misses, missingSince }] of inTurn(sights).entries()) {
            const soFar = sights.slice(0, index + 1);
            const inARow = soFar.length - 1 - soFar.findLastIndex((sight) => sight !== gone);
            expect(misses).toBe(Math.min(inARow, cleanup.misses));
            expect(missingSince?.getTime() ?? null).toBe(inARow === 0 ? null : t(index + 1 - inARow));
          }
        },
      ),
    );
  });

  it('says nothing of what was registered since, of removed ones and of other hosts', () => {
    const worktrees = [
      worktree('/shop', { device: 1 }),
      worktree('/gone', { device: 1, removedAt: fromNoon(-1) }),
      worktree('/pier', { id: 'pier', device: 1, hostName: 'pier' }),
    ];
    const { ledger } = seed({ worktrees });
    const paths = new Map([
      ['/gone', gone],
      ['/pier', gone],
    ]);
    observePaths(paths, quay, ledger, cleanup);
    expect(ledger.changes().worktrees).toEqual([]);
  });
});
