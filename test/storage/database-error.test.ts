import { describe, expect, it } from 'vitest';
import { DatabaseDamaged, HostForgotten, LivePortTaken } from '../../src/storage/database-error.ts';
import { engines } from '../support/databases.ts';
import { id, insertRaw, type RawRow } from '../support/raw-rows.ts';

const nobodys = { codebase_id: null, worktree_id: null, owner: 'nobody' };

/** An error of the database's own making, with this code. */
const raise = (code: string) => `DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '${code}'; END $$`;

describe.each(engines)('an error of $name', (engine) => {
  const second: readonly (readonly [what: string, row: RawRow, isTaken: boolean])[] = [
    ['another live allocation of a port', { id: id(3) }, true],
    ['another allocation of that id', { port: 8_001 }, false],
  ];

  it.each(second)('for %s', async (_what, row, isTaken) => {
    const database = await engine.open();
    await insertRaw(database, 'host');
    await insertRaw(database, 'port_allocation', nobodys);

    const error = await insertRaw(database, 'port_allocation', { ...nobodys, ...row }).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(Error);
    expect(error instanceof LivePortTaken).toBe(isTaken);
  });

  it('for a host that is not there says that it was forgotten', async () => {
    const database = await engine.open();
    await expect(insertRaw(database, 'port_allocation', nobodys)).rejects.toThrow(HostForgotten);
  });

  it.each(['58P01', 'XX001', 'XX002'])('with the code %s says that it is damaged', async (code) => {
    const database = await engine.open();
    await expect(database.script(raise(code))).rejects.toThrow(DatabaseDamaged);
    await expect(database.transaction((transaction) => transaction.script(raise(code)))).rejects.toThrow(
      DatabaseDamaged,
    );
  });

  it('that is a mistake in a statement stays what it is', async () => {
    const database = await engine.open();
    await expect(database.query('SELEKT 1')).rejects.toMatchObject({ code: '42601' });
  });
});
