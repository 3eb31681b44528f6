import { describe, expect, it } from 'vitest';
import { engines } from '../support/databases.ts';

const prepare = { prepare: true };

describe.each(engines)('a prepared statement on $name', (engine) => {
  it('answers as any other does, each time with its own values', async () => {
    const database = await engine.open();
    const text = `SELECT $1::text[] AS texts, $2::integer AS number, $3::jsonb AS json, $4::boolean AS truth,
      to_json($5::timestamptz) AS moment, json_build_array($6::text) AS nothing, $7::uuid[] AS ids`;
    const id = '0b5ef0ba-2f1c-4a8e-9f5c-0d4c6d2f1a11';
    const given = [
      [['a "b"', 'c,{d}', '\\', 'größe', ''], 41, '{"a": [1, null]}', true, new Date(0), null, [id]],
      [[], null, '"\\""', false, new Date('2026-01-01T00:00:00.123Z'), 'x', []],
    ];
    for (const values of given) {
      const plain = await database.query(text, values); // each after the one before
      const prepared = await database.transaction((sql) => sql.query(text, values, prepare));
      expect(prepared).toEqual(plain);
    }
  });

  it('sees what became of its tables since', async () => {
    const database = await engine.open();
    const read = () =>
      database.transaction((sql) => sql.query('SELECT to_json(h) AS host FROM wharfinger.host h', [], prepare));
    expect(await read()).toEqual([]);
    await database.script(`ALTER TABLE wharfinger.host ADD flag text DEFAULT 'red';
      INSERT INTO wharfinger.host (name) VALUES ('quay')`);
    expect(await read()).toMatchObject([{ host: { name: 'quay', flag: 'red' } }]);
  });

  it('that fails takes its transaction with it, and nothing after that', async () => {
    const database = await engine.open();
    const insert = (name: string | null) =>
      database.transaction(async (sql) => {
        await sql.query('INSERT INTO wharfinger.host (name) VALUES ($1)', ['dock'], prepare);
        await sql.query('INSERT INTO wharfinger.host (name) VALUES (upper($1))', [name], prepare);
      });
    await expect(insert(null)).rejects.toThrow('null value');
    await expect(database.transaction((sql) => sql.query('SELECT wrong', [], prepare))).rejects.toThrow('wrong');
    await insert('quay');
    await expect(insert('pier')).rejects.toThrow('duplicate key');
    expect(await database.query('SELECT name FROM wharfinger.host ORDER BY name')).toEqual([
      { name: 'QUAY' },
      { name: 'dock' },
    ]);
  });
});
