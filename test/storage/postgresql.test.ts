import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { DatabaseUnavailable } from '../../src/storage/database-error.ts';
import { openPostgresql } from '../../src/storage/postgresql/open.ts';
import { postgresql } from '../support/databases.ts';
import { freePort, runSql } from '../support/postgresql-server.ts';

const log = pino({ level: 'silent' });

describe('opening PostgreSQL', () => {
  it('tells where it is, without the password', async () => {
    const { url = '', open } = await postgresql.create();
    const { hostname, port, pathname } = new URL(url);

    const { location } = await open();

    expect(location).toContain(`${hostname}:${port}${pathname}`);
    expect(location).not.toContain('password');
  });

  it('fails where nobody answers', async () => {
    const url = `postgresql://127.0.0.1:${await freePort()}/wharfinger`;
    await expect(openPostgresql(url, log)).rejects.toMatchObject({ cause: expect.any(DatabaseUnavailable) });
  });

  it('refuses a server that is older than 15', async () => {
    const { url = '' } = await postgresql.create();
    const name = new URL(url).pathname.slice(1);
    // The server's settings cannot be changed, but the function that reads them can be hidden by another.
    await runSql(
      url,
      `CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS
         $$ SELECT CASE $1 WHEN 'server_version' THEN '14.19' ELSE '140019' END $$;
       ALTER DATABASE ${name} SET search_path = public, pg_catalog`,
    );

    await expect(openPostgresql(url, log)).rejects.toThrow(
      'PostgreSQL 14.19 is too old: Wharfinger needs 15 or newer.',
    );
  });
});

describe('a transaction whose connection breaks', () => {
  it('keeps nothing, and the next one gets another connection', async () => {
    const database = await postgresql.open();
    const broken = database.transaction(async (transaction) => {
      await transaction.lock(['quay']);
      const [row] = await transaction.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await transaction.query('SELECT 1');
    });

    await expect(broken).rejects.toThrow(DatabaseUnavailable);
    const hosts = database.transaction((transaction) => transaction.query('SELECT name FROM wharfinger.host'));
    expect(await hosts).toEqual([]);
  });
});

type Hosts = readonly string[] | 'everything';

describe('locking hosts', () => {
  const contests: readonly (readonly [held: Hosts, wanted: Hosts, outcome: 'waits' | 'goes on'])[] = [
    [['quay'], ['quay'], 'waits'],
    [['pier', 'quay'], ['quay'], 'waits'],
    [['quay'], ['pier'], 'goes on'],
    [['quay'], 'everything', 'waits'],
    ['everything', ['quay'], 'waits'],
    ['everything', 'everything', 'waits'],
  ];

  it.each(contests)('while another instance holds %j, who wants %j %s', async (held, wanted, outcome) => {
    const place = await postgresql.create();
    const [one, other] = await Promise.all([place.open(), place.open()]);

    await one.transaction(async (holder) => {
      await holder.lock(held);
      const contest = other.transaction(async (transaction) => {
        await transaction.script("SET LOCAL lock_timeout = '100ms'");
        await transaction.lock(wanted);
      });
      if (outcome === 'waits') await expect(contest).rejects.toThrow(DatabaseUnavailable);
      else await expect(contest).resolves.toBeUndefined();
    });

    const afterwards = other.transaction((transaction) => transaction.lock(wanted));
    await expect(afterwards).resolves.toBeUndefined();
  });

  it('in any order never ends in a deadlock', async () => {
    const place = await postgresql.create();
    const databases = await Promise.all([place.open(), place.open()]);
    const locking = Array.from({ length: 40 }, (_, n) =>
      databases[n % 2]?.transaction(async (transaction) => {
        await transaction.lock(n % 4 < 2 ? ['quay', 'pier', 'dock'] : ['dock', 'quay', 'pier']);
        return 'locked';
      }),
    );

    expect(new Set(await Promise.all(locking))).toEqual(new Set(['locked']));
  });
});
