import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { Journal } from '../../src/storage/embedded/journal/journal.ts';
import { readContents, readHoldings } from '../../src/storage/embedded/journal/journal-contents.ts';
import { embedded } from '../support/databases.ts';
import { allocate, openRegistry, repository } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openFull, owner } from './full-registry.ts';

describe('a journal that is rewritten', () => {
  /** A journal of a database of its own, which a test has written anew. */
  async function openJournal() {
    const { database, registry } = await openFull();
    const path = join(await temporaryDirectory(), 'journal');
    const journal = await Journal.begin(path, database, 'full');
    onTestFinished(() => journal.close());
    return { database, registry, path, journal };
  }

  it('holds what the database held and what was appended meanwhile', async () => {
    const { database, registry, path, journal } = await openJournal();
    const web = await allocate(registry, 'web', { owner });
    const row = { host: [{ name: 'pier', last_seen_at: null, scanned_at: null }] };
    let appended = false;
    const slow: Database = {
      ...database,
      async query(text, values) {
        const rows = await database.query(text, values);
        if (!appended && text.includes('FROM wharfinger.allocation_event t')) {
          appended = true;
          await journal.append({ rows: row });
        }
        return rows as never; // of the same statement
      },
    };

    await journal.rewrite(slow, { durability: 'full' });
    await journal.append({ number: 999, rows: { host: [{ name: 'jetty' }] } });

    const { tables, number, base } = await readContents(path);
    expect([...(tables.get('host')?.keys() ?? [])]).toEqual(expect.arrayContaining(['quay', 'pier', 'jetty']));
    expect(tables.get('port_allocation')?.has(web.id)).toBe(true);
    expect([number, base > 0]).toEqual([999, true]);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it('holds what a relaxed registry committed meanwhile, which a killed process cannot append later', async () => {
    const place = await embedded.create();
    const path = join(place.dataDirectory ?? '', 'journal');
    const database = await place.open({ durability: 'relaxed', rewriteAfterBytes: 1 });
    const registry = openRegistry(database);
    for (let round = 0; round < 20; round++) {
      await Promise.all(['a', 'b', 'c', 'd'].map((name) => allocate(registry, `${name}-${round}`, { owner }))); // in turn
      const { live, number } = await readHoldings(path);
      const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
        `SELECT count(DISTINCT allocation_id)::integer AS count FROM wharfinger.allocation_event WHERE number <= $1`,
        [number],
      );
      expect(live.size, `round ${round}`).toBe(count);
    }
  });

  it('stays as it was where that fails', async () => {
    const { database, path, journal } = await openJournal();
    const before = await readFile(path);
    const failing: Database = {
      ...database,
      transaction: async () => {
        throw new Error('no more');
      },
    };

    await expect(journal.rewrite(failing, { durability: 'full' })).rejects.toThrow('no more');

    expect(await readFile(path)).toEqual(before);
    expect(existsSync(`${path}.new`)).toBe(false);
    await journal.append({ number: 1_000 });
    expect((await readHoldings(path)).number).toBe(1_000);
  });

  it('is so once what was appended has outgrown the rest', async () => {
    const { database, registry, path, journal } = await openJournal();
    await registry.registerCodebase(repository('shop', { id: 'shop' }));
    const least = 4_096;
    let largest = 0;
    for (let number = 1; number <= 200; number++) {
      await journal.append({ number, rows: { host: [{ name: `host-${number}` }] } });
      if (journal.isGrown(least)) await journal.rewrite(database, { durability: 'full' }); // one after the other, as the server does
      largest = Math.max(largest, (await stat(path)).size);
    }
    expect(largest).toBeLessThan(4 * least);
    expect(journal.isGrown(1 << 30)).toBe(false);
  });
});
