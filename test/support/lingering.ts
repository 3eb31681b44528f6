import type { Database } from '../../src/storage/database.ts';

/** A database whose transactions linger before they commit, each for another while. */
export function lingering(database: Database): Database {
  let count = 0;
  return {
    ...database,
    transaction: (work) =>
      database.transaction(async (transaction) => {
        const result = await work(transaction);
        count += 1;
        await transaction.query('SELECT pg_sleep($1)', [((count * 7) % 5) / 200]);
        return result;
      }),
  };
}
