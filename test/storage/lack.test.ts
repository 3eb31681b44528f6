import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tryToWrite } from '../../src/storage/embedded/lack.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What a directory holds at the moment at which a file is synced, which is still open and whole. */
async function listAtSync(directory: string, work: () => Promise<unknown>): Promise<string[]> {
  const handle = await open(directory);
  await handle.close();
  const listed: string[] = [];
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync').mockImplementation(async () => {
    listed.push(...(await readdir(directory)));
  });
  onTestFinished(() => sync.mockRestore());
  await work();
  expect(sync).toHaveBeenCalledOnce();
  return listed;
}

it('a process that is killed while it tries to write leaves no file, nor does one that a former one left stay', async ({
  skip,
}) => {
  if (process.platform === 'win32') skip('An open file keeps its name on Windows.');
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'probe'), Buffer.alloc(1 << 20));

  expect(await listAtSync(directory, () => tryToWrite(directory))).toEqual([]);

  expect(await readdir(directory)).toEqual([]);
});
