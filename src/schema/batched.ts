import DataLoader from 'dataloader';
import { groupBy } from './group-by.ts';

/** The rows that belong to one thing: so many, after so many. */
export interface PageOf {
  readonly of: string;
  readonly take: number;
  readonly skip: number;
}

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

/** Pages of rows, those of the same place and length at once. */
export function batchedPages<Row>(
  load: (of: string[], page: Omit<PageOf, 'of'>) => Promise<readonly Row[][]>,
): DataLoader<PageOf, Row[]> {
  const nameOf = ({ of, take, skip }: PageOf) => `${take} ${skip} ${of}`;
  return batched(nameOf, async (pages) => {
    const rows = new Map<string, Row[]>();
    for (const alike of groupBy(pages, ({ take, skip }) => `${take} ${skip}`).values()) {
      const { take = 0, skip = 0 } = alike[0] ?? {};
      const of = alike.map((page) => page.of);
      const loaded = await load(of, { take, skip }); // as many as one operation has different pages
      for (const [index, page] of alike.entries()) rows.set(nameOf(page), loaded[index] ?? []);
    }
    return pages.map((page) => rows.get(nameOf(page)) ?? []);
  });
}
