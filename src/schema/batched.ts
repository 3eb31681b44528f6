import DataLoader from 'dataloader';
import { groupBy } from './group-by.ts';

/** PostgreSQL takes 65,535 parameters in one statement. */
const mostKeys = 10_000;

/**
 * What is asked for key by key in one moment, loaded at once: each key once, answered in the order of the
 * keys. Nothing is kept from one moment to the next.
 */
export function batched<Key, Value>(
  nameOf: (key: Key) => string,
  load: (keys: Key[]) => Promise<readonly Value[]>,
): DataLoader<Key, Value> {
  const loadEach = async (keys: readonly Key[]): Promise<Value[]> => {
    const distinct = new Map(keys.map((key) => [nameOf(key), key]));
    const values = await load([...distinct.values()]);
    const indexes = new Map([...distinct.keys()].map((name, index) => [name, index]));
    return keys.map((key) => values[indexes.get(nameOf(key)) ?? -1] as Value); // `load` answers each key
  };
  return new DataLoader(loadEach, { cache: false, maxBatchSize: mostKeys });
}

/** Something by its id, of which a field wants this: a page of its rows, or related rows with it. */
export interface Wanted<Wish> {
  readonly of: string;
  readonly wish: Wish;
}

/** As `batched`, for fields that want more than a row: those that want the same of different things are loaded at once. */
export function batchedByWish<Wish, Value>(
  load: (of: string[], wish: Wish) => Promise<readonly Value[]>,
): DataLoader<Wanted<Wish>, Value> {
  const nameOf = ({ of, wish }: Wanted<Wish>) => `${JSON.stringify(wish)} ${of}`;
  return batched(nameOf, async (keys) => {
    const values = new Map<Wanted<Wish>, Value>();
    for (const alike of groupBy(keys, ({ wish }) => JSON.stringify(wish)).values()) {
      const [{ wish } = { wish: undefined as Wish }] = alike; // no group is empty
      const ofEach = alike.map(({ of }) => of);
      const loaded = await load(ofEach, wish); // as many as one operation has different wishes
      for (const [index, key] of alike.entries()) values.set(key, loaded[index] as Value); // `load` answers each
    }
    return keys.map((key) => values.get(key) as Value); // every key is in a group
  });
}
