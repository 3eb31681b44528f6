import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock, unlock } from 'fs-native-extensions';

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
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `The data directory ${directory} cannot be made (${error.code}): choose another with --data-dir or WHARFINGER_DATA_DIR.`,
      { cause: error },
    );
  });
  const holderFile = join(directory, 'holder.json');
  const file = await open(join(directory, 'lock'), 'a+', 0o600);
  if (!tryLock(file.fd)) {
    await file.close();
    throw new DirectoryInUse(directory, await describeHolder(holderFile));
  }
  // Beside the locked file, since Windows lets nobody read a locked one.
  const holder = { pid: process.pid, since: new Date().toISOString() };
  await writeFile(holderFile, `${JSON.stringify(holder)}\n`);
  return async () => {
    await rm(holderFile, { force: true });
    unlock(file.fd);
    await file.close();
  };
}

async function describeHolder(holderFile: string): Promise<string> {
  try {
    const { pid, since } = JSON.parse(await readFile(holderFile, 'utf8')) as { pid: number; since: string };
    return `process ${pid} since ${since}`;
  } catch {
    return 'another process that is just starting';
  }
}
