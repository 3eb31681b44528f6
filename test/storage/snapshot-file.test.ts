import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  appendSnapshot,
  readLastMark,
  readMigration,
  readSnapshot,
  replaceSnapshot,
} from '../../src/storage/snapshot-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const host = (name: string, seen: number) => ({ name, seen });
const keyOf = (_table: string, row: Record<string, unknown>) => String(row.name);

let path: string;
beforeEach(async () => {
  path = join(await temporaryDirectory(), 'snapshot.ndjson');
});

/** A snapshot at event 1 with one host. Answers its bytes. */
const begin = () =>
  replaceSnapshot(path, 'first', async (writer) => {
    await writer.rows('host', [host('quay', 1)]);
    return 1;
  });

/** Appends event 2, which changes the host and adds another. */
const change = (base: number) =>
  appendSnapshot(path, { number: 2, base }, [{ table: 'host', rows: [host('quay', 2), host('pier', 2)] }]);

const readHosts = async () => {
  const { number, tables } = await readSnapshot(path, keyOf);
  return { number, hosts: [...(tables.get('host')?.values() ?? [])] };
};

const before = { number: 1, hosts: [host('quay', 1)] };
const after = { number: 2, hosts: [host('quay', 2), host('pier', 2)] };

describe('a snapshot file', () => {
  it('gives each row as it was last written', async () => {
    await change(await begin());

    expect(await readMigration(path)).toBe('first');
    expect(await readLastMark(path)).toMatchObject({ number: 2 });
    expect(await readHosts()).toEqual(after);
  });

  it('counts how much was appended since it was last written whole', async () => {
    const base = await begin();
    const appended = await change(base);
    expect(base + appended).toBe((await readFile(path)).length);
  });

  it('passes over an append that was torn at any byte, and is continued behind it', async () => {
    const base = await begin();
    const complete = base + (await change(base));
    const whole = await readFile(path);

    for (let bytes = base; bytes < complete - 1; bytes++) {
      await writeFile(path, whole.subarray(0, bytes));
      expect(await readLastMark(path), `torn after ${bytes} bytes`).toMatchObject({ number: 1 });
      expect(await readHosts(), `torn after ${bytes} bytes`).toEqual(before);

      await change(base);
      expect(await readLastMark(path), `continued after ${bytes} bytes`).toMatchObject({ number: 2 });
      expect(await readHosts(), `continued after ${bytes} bytes`).toEqual(after);
    }
  });

  it('passes over two appends in a row that were torn in their marks', async () => {
    const base = await begin();
    await appendFile(path, '\n{"table":"host","rows":[{"name":"pier","seen":2}]}\n{"number":2,"ba');
    await appendFile(path, '\n{"table":"host","rows":[{"name":"pier","seen":2}]}\n{"number":2,');

    expect(await readLastMark(path)).toMatchObject({ number: 1 });
    expect(await readHosts()).toEqual(before);
    await change(base);
    expect(await readHosts()).toEqual(after);
  });

  it('passes over blocks that a power cut left empty', async () => {
    const base = await begin();
    await appendFile(path, Buffer.alloc(8_192));
    expect(await readLastMark(path)).toMatchObject({ number: 1 });

    await change(base);
    expect(await readHosts()).toEqual(after);
  });

  it('finds the last mark in front of a long torn append', async () => {
    await begin();
    await appendFile(path, `\n{"table":"host","rows":[${JSON.stringify(host('x'.repeat(3 << 20), 2))}`);
    expect(await readLastMark(path)).toMatchObject({ number: 1 });
  });

  it('stays as it was where writing it anew fails', async () => {
    await begin();
    const failing = replaceSnapshot(path, 'second', async (writer) => {
      await writer.rows('host', []);
      throw new Error('no space left');
    });

    await expect(failing).rejects.toThrow('no space left');
    expect(await readMigration(path)).toBe('first');
    expect(await readHosts()).toEqual(before);
  });

  it('is none where it is missing, empty, or has no mark', async () => {
    expect(await readLastMark(path)).toBeUndefined();
    expect(await readMigration(path)).toBeUndefined();

    await begin();
    await truncate(path, 30);
    expect(await readLastMark(path)).toBeUndefined();
    await expect(readSnapshot(path, keyOf)).rejects.toThrow('is not a complete snapshot of a registry');

    await truncate(path, 0);
    expect(await readLastMark(path)).toBeUndefined();
    expect(await readMigration(path)).toBeUndefined();
  });
});
