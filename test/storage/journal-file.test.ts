import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  encodeHeader,
  encodeLine,
  JournalDamaged,
  type JournalEntry,
  readJournal,
} from '../../src/storage/embedded/journal/journal-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const header = encodeHeader('first');
const entries: readonly JournalEntry[] = [
  { rows: { host: [{ name: 'quay' }] } },
  { number: 1, base: 100, durability: 'full' },
  { number: 2, rows: { host: [{ name: 'pier' }] }, deleted: { conflict: ['a'] }, prunedThrough: 1 },
];
const lines = [header, ...entries.map(encodeLine)];

let path: string;
beforeEach(async () => {
  path = join(await temporaryDirectory(), 'journal');
});

async function read() {
  const found: JournalEntry[] = [];
  return { ...(await readJournal(path, (entry) => found.push(entry))), entries: found };
}

const damage = (fact: string) =>
  expect.objectContaining({ name: 'JournalDamaged', message: expect.stringContaining(fact) });

describe('a journal', () => {
  it('gives its entries in order, and where they end', async () => {
    const whole = Buffer.concat(lines);
    await writeFile(path, whole);
    expect(await read()).toEqual({ migration: 'first', end: whole.length, entries });
  });

  it('keeps any text, in lines that no reader splits elsewhere', async () => {
    const separators = [
      '\n',
      '\r',
      '\v',
      '\f',
      '\u001c',
      '\u001d',
      '\u001e',
      '\u0085',
      '\u2028',
      '\u2029',
      '\0',
      '\ud800',
    ];
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...separators), fc.string({ unit: 'binary', maxLength: 1 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (texts) => {
        const written = { rows: { host: texts.map((name) => ({ name })) } };
        const line = encodeLine(written);
        expect(line.toString().slice(0, -1)).not.toMatch(/[\n\r\u2028\u2029]/);
        await writeFile(path, Buffer.concat([header, line]));
        expect((await read()).entries).toEqual([JSON.parse(JSON.stringify(written))]);
      }),
      { numRuns: 100 },
    );
  });

  it('drops a last append that is torn at any byte', async () => {
    const before = Buffer.concat(lines.slice(0, -1));
    const last = lines.at(-1) ?? expect.fail();
    for (let bytes = 0; bytes < last.length; bytes++) {
      await writeFile(path, Buffer.concat([before, last.subarray(0, bytes)])); // the same file each time
      expect(await read(), `torn after ${bytes} bytes`).toEqual({
        migration: 'first',
        end: before.length,
        entries: entries.slice(0, -1),
      });
    }
  });

  it('drops a last append of which some blocks never came', async () => {
    const before = Buffer.concat(lines.slice(0, -1));
    const last = encodeLine({ number: 2, rows: { host: [{ name: 'x'.repeat(20_000) }] } });
    for (const [from, to] of [
      [0, 4_096],
      [4_096, 8_192],
      [8_192, last.length],
      [0, last.length],
    ]) {
      const torn = Buffer.from(last).fill(0, from, to);
      await writeFile(path, Buffer.concat([before, torn])); // the same file each time
      expect((await read()).end, `zero from ${from} to ${to}`).toBe(before.length);
    }
  });

  it.each([1, 2])('is damaged where line %i of several is not whole', async (index) => {
    const [broken = Buffer.alloc(0)] = lines.slice(index, index + 1);
    for (const at of [0, 8, 9, Math.floor(broken.length / 2), broken.length - 2]) {
      const changed = Buffer.from(broken);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(path, Buffer.concat([...lines.slice(0, index), changed, ...lines.slice(index + 1)])); // as above
      await expect(read(), `byte ${at}`).rejects.toEqual(damage(`is damaged in line ${index + 1}`));
    }
  });

  it('is damaged where two appends at the end are torn, since one was acknowledged', async () => {
    await writeFile(path, Buffer.concat(lines));
    await appendFile(path, '00000000 {"number":3}\n00000000 {"numb');
    await expect(read()).rejects.toEqual(damage('is damaged in line 5'));
  });

  it.each<[string, Buffer, string]>([
    ['its header is not whole', Buffer.concat([Buffer.from('x'), ...lines]), 'has no header'],
    ['its header is missing', Buffer.concat(lines.slice(1)), 'has no header'],
    ['it is empty', Buffer.alloc(0), 'is empty'],
    ['it is something else', Buffer.from('buy milk\n'), 'has no header'],
  ])('is damaged where %s', async (_how, content, fact) => {
    await writeFile(path, content);
    await expect(read()).rejects.toEqual(damage(fact));
    await expect(read()).rejects.toThrow(JournalDamaged);
  });

  it('of a newer format is refused', async () => {
    const json = header.toString().slice(9, -1).replace('"journal":1', '"journal":2');
    await writeFile(path, `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
    await expect(read()).rejects.toThrow('is of format 2, which this version does not know: run a newer one.');
  });
});

describe('a snapshot of a version that had no journal', () => {
  const host = (name: string) => ({ table: 'host', rows: [{ name }] });
  const text = (...values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

  it('gives its rows up to its last mark', async () => {
    const marked = text({ migration: 'first' }, host('quay'), { number: 1, base: 9 });
    await writeFile(path, `${marked}\n${text(host('pier'))}{"number":2,"ba`);
    expect(await read()).toEqual({
      migration: 'first',
      end: marked.length,
      entries: [{ rows: { host: [{ name: 'quay' }] } }, { number: 1, durability: 'relaxed' }],
    });
  });

  it('is read with line separators in its texts, on every Node', async () => {
    await writeFile(path, text({ migration: 'first' }, host('a\u2028b\u2029c'), { number: 1, base: 9 }));
    expect((await read()).entries[0]).toEqual({ rows: { host: [{ name: 'a\u2028b\u2029c' }] } });
  });

  it('is refused without a mark', async () => {
    await writeFile(path, text({ migration: 'first' }, host('quay')));
    await expect(read()).rejects.toThrow('is not a complete snapshot of a registry');
  });
});
