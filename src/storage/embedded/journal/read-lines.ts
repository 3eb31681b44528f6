import { open } from 'node:fs/promises';

export interface Line {
  /** Without its line feed. */
  readonly bytes: Buffer;
  /** Whether a line feed ends it. */
  readonly isEnded: boolean;
}

const lineFeed = 0x0a;

/** The lines of a file, split at line feeds alone. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const file = await open(path, 'r');
  let begun: Buffer[] = [];
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer; // no encoding was asked for
    let from = 0;
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, from)) {
      begun.push(bytes.subarray(from, at));
      yield { bytes: joined(begun), isEnded: true };
      begun = [];
      from = at + 1;
    }
    if (from < bytes.length) begun.push(bytes.subarray(from));
  }
  if (begun.length > 0) yield { bytes: joined(begun), isEnded: false };
}

/** Copied only where a line spans several chunks. */
const joined = (parts: readonly Buffer[]) => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));
