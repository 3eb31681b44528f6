import { describe, expect, it, onTestFinished } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { postgresql } from '../support/databases.ts';
import { hasPgbouncer, type PoolMode, startPgbouncer } from '../support/pgbouncer.ts';
import { runSql } from '../support/postgresql-server.ts';
import { recordLog } from '../support/recorded-log.ts';
import { allocate, openRegistry } from '../support/registry.ts';

/** A registry's database behind a PgBouncer of its own. */
async function pooled(mode: PoolMode) {
  const { url = '' } = await postgresql.create();
  await runSql(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET timezone TO 'Asia/Tokyo'`);
  const pooler = await startPgbouncer(url, mode);
  onTestFinished(() => pooler.dispose());
  const open = async () => {
    const { log, entries } = recordLog();
    const database = await openDatabase({ dataDirectory: '', databaseUrl: pooler.url, log, damaged: () => {} });
    onTestFinished(() => database.close());
    return { database, log, warnings: () => entries('warn').map(({ msg }) => msg) };
  };
  return { open };
}

const settingsOf = (database: Database) =>
  database.query<Record<string, string>>(
    `SELECT current_setting('timezone') AS zone, current_setting('statement_timeout') AS statement,
       current_setting('idle_in_transaction_session_timeout') AS idle`,
  );

describe.skipIf(!hasPgbouncer)('behind PgBouncer', () => {
  it('in session mode, everything is as without it', async () => {
    const { open } = await pooled('session');
    const { database, warnings } = await open();

    expect(await settingsOf(database)).toEqual([{ zone: 'UTC', statement: '5s', idle: '5s' }]);
    expect(await database.prisma.host.count()).toBe(0);
    expect(warnings()).toEqual([]);
  });

  it('in transaction mode, it says once what that costs, and keeps other clients’ sessions as they are', async () => {
    const { open } = await pooled('transaction');
    const { database, warnings } = await open();

    expect(warnings()).toEqual([
      expect.stringMatching(/transaction mode.*LISTEN has no effect.*Use PostgreSQL's own address/),
    ]);
    const shared = await settingsOf(database);
    expect(shared).toEqual([{ zone: 'UTC', statement: '0', idle: '0' }]);
    const inside = await database.transaction((transaction) => settingsOf({ ...database, ...transaction }));
    expect(inside).toEqual([{ zone: 'UTC', statement: '5s', idle: '5s' }]);
  });

  it.each(['session', 'transaction'] as const)(
    'in %s mode, two instances see each other’s events within a second',
    async (mode) => {
      const { open } = await pooled(mode);
      const [here, elsewhere] = [await open(), await open()];
      const feed = await createFeed(here.database, here.log);
      onTestFinished(() => feed.close());
      const events = await feed.subscribe({});
      await allocate(openRegistry(elsewhere.database), 'first');
      await events.next(); // connections and plans are there from now on

      const since = performance.now();
      const { port } = await allocate(openRegistry(elsewhere.database), 'web');
      const { value } = await events.next();

      expect(value.allocation.port).toBe(port);
      expect(performance.now() - since).toBeLessThan(1_000);
    },
  );

  it('in statement mode, the start says that no transaction is possible', async () => {
    const { open } = await pooled('statement');
    await expect(open()).rejects.toThrow(/statement pooling mode.*check the URL, and the pooler/);
  });
});
