import { open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Replaces a file so that a power cut at any moment leaves the old text or the new one. */
export async function replaceFileDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** Makes what was created, renamed or deleted in a directory survive a power cut. Windows cannot, and does not need to. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  await syncFile(directory, 'r');
}

/** So many files are synced at a time: as many threads as Node has for files, less one for requests. */
const syncsAtOnce = 3;

/** Makes every file and directory of a tree survive a power cut. */
export async function syncTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isDirectory: entry.isDirectory() }));
  const syncNext = async (): Promise<void> => {
    for (let next = paths.pop(); next !== undefined; next = paths.pop()) {
      // Others run beside this one. Windows syncs only what is opened for writing.
      await (next.isDirectory ? syncDirectory(next.path) : syncFile(next.path, 'r+'));
    }
  };
  await Promise.all(Array.from({ length: syncsAtOnce }, syncNext));
  await syncDirectory(directory);
}

async function syncFile(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
