import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { tryLock, unlock } from 'fs-native-extensions';
import { syncDirectory } from './sync-files.ts';

/** Another process has the data directory open. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';

  constructor(directory: string, holder: string) {
    super(`The data directory ${directory} is in use by ${holder}: stop it, or choose another with --data-dir.`);
  }
}

/**
 * Takes a data directory for this process alone, until the returned function is called or the
 * process ends, however it ends. The lock is the operating system's, on an open file: a process
 * that is merely stopped keeps it, and neither a reused process id nor a reboot can inherit it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const created = await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `The data directory ${directory} cannot be made (${error.code}): choose another with --data-dir or WHARFINGER_DATA_DIR.`,
      { cause: error },
    );
  });
  if (created !== undefined) await syncParents(directory, created);
  const holderFile = join(directory, 'holder.json');
  const file = await open(join(directory, 'lock'), 'a+', 0o600);
  if (!tryLock(file.fd)) {
    await file.close();
    throw new DirectoryInUse(directory, await describeHolder(holderFile));
  }
  // Beside the locked file, since Windows lets nobody read a locked one.
  const holder = { pid: process.pid, since: new Date().toISOString() };
  const release = async () => {
    await rm(holderFile, { force: true });
    unlock(file.fd);
    await file.close();
  };
  await writeFile(holderFile, `${JSON.stringify(holder)}\n`).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  return release;
}

/** Makes the directories that were created, the topmost first, survive a power cut. */
async function syncParents(directory: string, topmost: string): Promise<void> {
  for (let path = resolve(directory); path.length >= resolve(topmost).length; path = dirname(path)) {
    await syncDirectory(dirname(path)); // few
  }
}

async function describeHolder(holderFile: string): Promise<string> {
  try {
    const { pid, since } = JSON.parse(await readFile(holderFile, 'utf8')) as { pid: number; since: string };
    return `process ${pid} since ${since}`;
  } catch {
    return 'another process that is just starting';
  }
}
