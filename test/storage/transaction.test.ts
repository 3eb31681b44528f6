import { describe, expect, it } from 'vitest';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { engines } from '../support/databases.ts';
import { allocate, openRegistry, worktree } from '../support/registry.ts';

describe.each(engines)('a transaction on $name', (engine) => {
  it('keeps nothing of work that threw', async () => {
    const database = await engine.open();
    const failing = database.transaction(async (transaction) => {
      await transaction.lock(['quay']);
      await transaction.query('UPDATE wharfinger.event_counter SET last_number = 41');
      throw new Error('changed its mind');
    });

    await expect(failing).rejects.toThrow('changed its mind');
    expect(await readLastNumber(database)).toBe(0);
    expect(await database.query('SELECT name FROM wharfinger.host')).toEqual([]);
  });

  it('leaves the connection usable after a statement that the database refused', async () => {
    const database = await engine.open();
    const refused = database.transaction((transaction) => transaction.query('SELECT 1 / 0'));

    await expect(refused).rejects.toThrow('division by zero');
    expect(await allocate(openRegistry(database), 'web', { owner: worktree('/wt/a') })).toMatchObject({ port: 8_000 });
  });
});
