import { closeSync, openSync, readSync } from 'node:fs';

/** Files of /proc are made as they are read and have no size; one buffer serves all, since each read is done with it at once. */
const buffer = Buffer.allocUnsafe(65_536);

/** The first `most` bytes of a file, at most 65,536; undefined where it cannot be read, as where the process has ended. */
export function readStart(path: string, most: number): string | undefined {
  try {
    return withFile(path, (file) => buffer.toString('utf8', 0, readSync(file, buffer, 0, most, null)));
  } catch {
    return undefined;
  }
}

/** A file up to where `isEnough` says so of what was read so far. Throws where it cannot be read. */
export function readUntil(path: string, isEnough: (text: string) => boolean): string {
  return withFile(path, (file) => {
    let text = '';
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, null);
      text += buffer.toString('latin1', 0, length);
      if (length === 0 || isEnough(text)) return text;
    }
  });
}

function withFile<Result>(path: string, read: (file: number) => Result): Result {
  const file = openSync(path, 'r');
  try {
    return read(file);
  } finally {
    closeSync(file);
  }
}
