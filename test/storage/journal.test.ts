import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/storage/database.ts';
import { Journal } from '../../src/storage/embedded/journal/journal.ts';
import { readHoldings } from '../../src/storage/embedded/journal/journal-contents.ts';
import { encodeHeader } from '../../src/storage/embedded/journal/journal-file.ts';
import { keepJournal } from '../../src/storage/embedded/journal/keep-journal.ts';
import { openPglite } from '../../src/storage/embedded/pglite.ts';
import { readLastNumber } from '../../src/storage/event-log.ts';
import { latestMigration } from '../../src/storage/migrations.ts';
import { embedded } from '../support/databases.ts';
import { allocate, openRegistry, release } from '../support/registry.ts';
import { openFull, owner } from './full-registry.ts';

describe('the journal of an embedded registry', () => {
  it('has each change before it is answered', async () => {
    const { database, registry, path } = await openFull();
    const web = await allocate(registry, 'web', { owner });
    expect((await readHoldings(path)).live).toEqual(new Map([[web.id, expect.stringContaining(String(web.port))]]));

    await registry.releasePort(release(web.port, { owner }));
    const { live, number, newestEvent } = await readHoldings(path);
    expect([[...live], number]).toEqual([[], newestEvent]);
    expect(number).toBe(await readLastNumber(database));
  });

  it('has each change before anybody else can read it', async () => {
    const { database, registry, path } = await openFull();
    const waiting = Promise.all(['a', 'b', 'c'].map((name) => allocate(registry, name, { owner })));
    const seen = await vi.waitUntil(async () => {
      const [row] = await database.query<{ id: string }>('SELECT id::text FROM wharfinger.port_allocation LIMIT 1');
      return row?.id;
    });
    expect([...(await readHoldings(path)).live.keys()]).toContain(seen);
    await waiting;
  });

  it('has each change within a second where it is relaxed, and once it is closed', async () => {
    const place = await embedded.create();
    const path = join(place.dataDirectory ?? '', 'journal');
    const database = await place.open({ durability: 'relaxed' });
    const registry = openRegistry(database);
    await allocate(registry, 'web', { owner });
    const number = await readLastNumber(database);
    await vi.waitFor(async () => expect((await readHoldings(path)).number).toBe(number), 1_000);
    const { id } = await allocate(registry, 'api', { owner });

    await database.close();

    const { live, durability } = await readHoldings(path);
    expect([live.has(id), durability]).toEqual([true, 'relaxed']);
  });

  it('is written anew by a start that finds it older than its database, as a relaxed one can be', async () => {
    const { place, database, registry, path } = await openFull();
    await copyFile(path, `${path}.old`);
    const { id } = await allocate(registry, 'web', { owner });
    await database.close();
    await copyFile(`${path}.old`, path);

    const again = await place.open({ durability: 'full' });

    expect((await readHoldings(path)).live.has(id)).toBe(true);
    expect((await readHoldings(path)).number).toBe(await readLastNumber(again));
  });

  it('is written anew, with the new label, where an older version wrote it', async () => {
    const { place, database, path } = await openFull();
    await database.close();
    const current = await latestMigration();
    const [header = '', ...lines] = (await readFile(path, 'utf8')).split('\n');
    expect(header).toContain(current);
    await writeFile(path, `${encodeHeader('20261122000000_registry')}${lines.join('\n')}`);

    await place.open({ durability: 'full' });

    expect((await readHoldings(path)).migration).toBe(current);
  });

  it('goes on behind a torn append', async () => {
    const { place, database, registry, path } = await openFull();
    const web = await allocate(registry, 'web', { owner });
    await database.close();
    await writeFile(path, '5b1f8e02 {"number":99,"rows":{"port_al', { flag: 'a' });

    const again = await place.open({ durability: 'full' });
    const api = await allocate(openRegistry(again), 'api', { owner });

    expect([...(await readHoldings(path)).live.keys()].sort()).toEqual([web.id, api.id].sort());
  });

  it('stops the start where a line in it is damaged, and says what can be done', async () => {
    const { place, database, registry, path } = await openFull();
    await allocate(registry, 'web', { owner });
    await allocate(registry, 'api', { owner });
    await database.close();
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"web"', '"wen"'));

    await expect(place.open()).rejects.toThrow(/The journal .* is damaged in line \d+, .* Restore it from a backup\./);
    expect(await readFile(path, 'utf8')).toContain('"wen"');
  });
});

describe('a transaction that the journal has and the database has not', () => {
  it('is the last one: nothing else is asked, and the next start brings the database up', async () => {
    const { place, database, dataDirectory, path } = await openFull();
    await database.close();
    let failure: Error | undefined;
    const watch = { damaged: () => {}, failure: () => failure };
    const cluster = await openPglite(join(dataDirectory, 'database'), watch);
    const { end, base } = await readHoldings(path);
    const journal = await Journal.continue(path, { end, base });
    const failing: Database = {
      ...cluster,
      transaction: (work) =>
        cluster.transaction(async (transaction) => {
          await work(transaction);
          throw new Error('COMMIT failed');
        }),
    };
    const kept = keepJournal(failing, {
      journal,
      durability: 'full',
      rewriteAfterBytes: 1 << 20,
      log: pino({ level: 'silent' }),
      fail: (error) => {
        failure = error as Error; // the one thrown above
      },
      closed: async () => {},
    });
    const registry = openRegistry(kept);

    const both = await Promise.allSettled([allocate(registry, 'web', { owner }), allocate(registry, 'api', { owner })]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(allocate(registry, 'worker', { owner })).rejects.toThrow('COMMIT failed');
    const { live, number } = await readHoldings(path);
    await kept.close();

    const again = await place.open({ durability: 'full' });
    const rows = await again.query<{ id: string }>('SELECT id::text FROM wharfinger.port_allocation');
    expect(rows.map(({ id }) => id).sort()).toEqual([...live.keys()].sort());
    expect(await readLastNumber(again)).toBe(number);
  });
});
