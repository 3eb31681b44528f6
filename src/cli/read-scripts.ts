import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const packageFile = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** The scripts of the nearest package.json, in a directory or above it, as package managers look for it; none where that cannot be read. */
export async function readScripts(directory: string): Promise<ReadonlyMap<string, string>> {
  try {
    const text = await readFile(join(directory, 'package.json'), 'utf8');
    return new Map(Object.entries(packageFile.parse(JSON.parse(text)).scripts));
  } catch (error) {
    const parent = dirname(directory);
    const isMissing = Object(error).code === 'ENOENT';
    return isMissing && parent !== directory ? readScripts(parent) : new Map();
  }
}
