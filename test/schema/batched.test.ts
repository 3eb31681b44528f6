import { describe, expect, it } from 'vitest';
import { batched, batchedByWish } from '../../src/schema/batched.ts';

describe('what is asked for in one moment', () => {
  it('is loaded at once, each key once, and answered in the order in which it was asked for', async () => {
    const loads: string[][] = [];
    const lengths = batched(
      (word: string) => word,
      async (words) => {
        loads.push(words);
        return words.map((word) => word.length);
      },
    );
    expect(await Promise.all(['one', 'three', 'one', 'seven', ''].map((word) => lengths.load(word)))).toEqual([
      3, 5, 3, 5, 0,
    ]);
    expect(loads).toEqual([['one', 'three', 'seven', '']]);
  });

  it('is loaded anew at the next moment', async () => {
    let count = 0;
    const counter = batched(String, async (keys: number[]) => keys.map(() => ++count));
    expect([await counter.load(1), await counter.load(1)]).toEqual([1, 2]);
  });

  it('fails for everybody who asked, and for nobody later', async () => {
    let isDown = true;
    const flaky = batched(String, async (keys: number[]) => {
      if (isDown) throw new Error('The database does not answer.');
      return keys;
    });
    const both = await Promise.allSettled([flaky.load(1), flaky.load(2)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isDown = false;
    expect(await flaky.load(1)).toBe(1);
  });

  it('is told apart by what is wanted of it', async () => {
    const loads: unknown[] = [];
    const pages = batchedByWish(async (of, wish: { readonly take: number }) => {
      loads.push([of, wish.take]);
      return of.map((each) => `${wish.take} of ${each}`);
    });
    const asked = [
      { of: 'quay', wish: { take: 1 } },
      { of: 'pier', wish: { take: 2 } },
      { of: 'pier', wish: { take: 1 } },
      { of: 'quay', wish: { take: 1 } },
    ];
    expect(await Promise.all(asked.map((each) => pages.load(each)))).toEqual([
      '1 of quay',
      '2 of pier',
      '1 of pier',
      '1 of quay',
    ]);
    expect(loads).toEqual([
      [['quay', 'pier'], 1],
      [['pier'], 2],
    ]);
  });
});
