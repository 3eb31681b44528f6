import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies a directory of files and directories to a place that does not exist yet, in less than half of `fs.cp`'s time. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map((entry) => {
      const copy = entry.isDirectory() ? copyDirectory : copyFile;
      return copy(join(from, entry.name), join(to, entry.name));
    }),
  );
}
