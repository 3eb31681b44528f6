import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from '../../src/storage/embedded/directory-lock.ts';
import { startChild } from '../support/child.ts';
import { embedded } from '../support/databases.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function startHolder(directory: string) {
  const holder = startChild('hold-directory.ts', directory);
  expect(await holder.line()).toBe('locked');
  return holder;
}

describe('a data directory', () => {
  it('is refused in one line that names the process which has it', async () => {
    const place = await embedded.create();
    const { pid } = await startHolder(place.dataDirectory ?? '');

    const opening = place.open();

    await expect(opening).rejects.toThrow(DirectoryInUse);
    await expect(opening).rejects.toThrow(
      new RegExp(
        `^The data directory \\S+ is in use by process ${pid} since \\d{4}-\\S+Z: stop it, or choose another .+\\.$`,
      ),
    );
  });

  it('is refused to the same process as well', async () => {
    const place = await embedded.create();
    const database = await place.open();
    await expect(place.open()).rejects.toThrow(`is in use by process ${process.pid} since`);

    await database.close();
    await expect(place.open()).resolves.toHaveProperty('engine', 'embedded');
  });

  it('goes to the next once its holder was killed', async () => {
    const directory = await temporaryDirectory();
    const holder = await startHolder(directory);
    await holder.signal('SIGKILL');

    const unlock = await lockDirectory(directory);

    expect(JSON.parse(await readFile(join(directory, 'holder.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    await unlock();
  });

  it('stays with a holder that is stopped, as on a laptop that sleeps', async () => {
    const directory = await temporaryDirectory();
    const holder = await startHolder(directory);
    await holder.signal('SIGSTOP');

    await expect(lockDirectory(directory)).rejects.toThrow(`is in use by process ${holder.pid} since`);

    await holder.signal('SIGCONT');
    await expect(lockDirectory(directory)).rejects.toThrow(`is in use by process ${holder.pid} since`);
  });

  it('has everything that was committed before its holder was killed', async () => {
    const place = await embedded.create();
    const child = startChild('allocate-forever.ts', place.dataDirectory ?? '');
    const ports: number[] = [];
    while (ports.length < 40) ports.push(Number(await child.line())); // lines come one by one
    await child.signal('SIGKILL');

    const database = await place.open();

    const rows = await database.query<{ port: number }>('SELECT port FROM wharfinger.port_allocation');
    expect(rows.map(({ port }) => port)).toEqual(expect.arrayContaining(ports));
    expect(new Set(ports).size).toBe(40);
  });
});
