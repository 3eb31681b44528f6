import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { DatabaseUnavailable, isUnavailable } from '../../src/storage/database-error.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { type PostgresqlServer, startPostgresql } from '../support/postgresql-server.ts';
import { allocate, claim, openRegistry, worktree } from '../support/registry.ts';

const owner = worktree('/wt/a');

/** A server of their own, which these tests stop. */
let server: PostgresqlServer;
beforeAll(async () => {
  server = await startPostgresql();
});
afterAll(() => server?.dispose());

async function open(): Promise<Database> {
  const log = pino({ level: 'silent' });
  const database = await openDatabase({ dataDirectory: '', databaseUrl: server.url, log, damaged: () => {} });
  onTestFinished(() => database.close());
  return database;
}

describe('while PostgreSQL is down', () => {
  it('everything fails as unavailable, and works again once it is up', async () => {
    const database = await open();
    const registry = openRegistry(database);
    const held = await allocate(registry, 'web', { owner });
    await server.stop();

    try {
      await expect(database.query('SELECT 1')).rejects.toThrow(DatabaseUnavailable);
      await expect(database.transaction(async () => {})).rejects.toThrow(DatabaseUnavailable);
      await expect(registry.allocatePort(claim('api', { owner }))).rejects.toThrow(DatabaseUnavailable);
      await expect(open()).rejects.toMatchObject({ cause: expect.any(DatabaseUnavailable) });
      const reading = database.prisma.portAllocation.findMany().catch(isUnavailable);
      expect(await reading).toBe(true);
    } finally {
      await server.start();
    }

    expect(await allocate(registry, 'web', { owner })).toEqual(held);
    expect(await allocate(registry, 'api', { owner })).toMatchObject({ port: held.port + 1 });
    expect(await database.prisma.portAllocation.count()).toBe(2);
  });

  it('a transaction that is under way fails as unavailable, and keeps nothing', async () => {
    const database = await open();
    const broken = database.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO wharfinger.host (name) VALUES ('quay-under-way')`);
      await server.stop();
      await transaction.query('SELECT 1');
    });

    try {
      await expect(broken).rejects.toThrow(DatabaseUnavailable);
    } finally {
      await server.start();
    }

    expect(await database.query(`SELECT name FROM wharfinger.host WHERE name = 'quay-under-way'`)).toEqual([]);
  });
});

describe('a listener', () => {
  /** A listener whose timer only a test moves. */
  async function listen(database: Database) {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const wake = vi.fn();
    const stop = await database.listen(wake);
    onTestFinished(async () => {
      await stop();
      vi.useRealTimers();
    });
    return { wake, stop };
  }

  /** Wakes that came since the last look. */
  const expectWake = async (wake: ReturnType<typeof vi.fn>) => {
    await vi.waitFor(() => expect(wake).toHaveBeenCalled(), 2_000);
    wake.mockClear();
  };

  it('is woken by the commits of other instances', async () => {
    const [here, elsewhere] = [await open(), await open()];
    const { wake } = await listen(here);
    await expectWake(wake);

    await allocate(openRegistry(elsewhere), 'notified', { owner });

    await expectWake(wake);
  });

  it('is woken when its connection is back, for what it missed, and by commits from then on', async () => {
    const [here, elsewhere] = [await open(), await open()];
    const { wake } = await listen(here);
    await expectWake(wake);

    await server.stop();
    await server.start();
    await expectWake(wake);

    await allocate(openRegistry(elsewhere), 'notified again', { owner });
    await expectWake(wake);
  });

  it('is woken now and then without any commit', async () => {
    const { wake } = await listen(await open());
    await expectWake(wake);

    vi.advanceTimersByTime(5_000);

    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('is not woken once it is stopped', async () => {
    const database = await open();
    const { wake, stop } = await listen(database);
    await expectWake(wake);
    await stop();

    await allocate(openRegistry(database), 'unheard', { owner });
    vi.advanceTimersByTime(60_000);

    expect(wake).not.toHaveBeenCalled();
  });
});
