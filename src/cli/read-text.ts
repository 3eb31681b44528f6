import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UsageMistake } from './fail.ts';

/** What a file that is read whole may have, in MiB: several times what a registry of 30,000 allocations exports. */
const mostMebibytes = 32;
const mostBytes = mostMebibytes << 20;

/** A file's text; `-` is standard input. One that is too large is refused without being read to its end. */
export async function readText(file: string): Promise<string> {
  if (file === '-') return decode(await readAll(process.stdin, 'Standard input'));
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw tooLarge(file);
    return decode(await readAll(createReadStream(file), file));
  } catch (error) {
    if (error instanceof UsageMistake) throw error;
    const { code } = Object(error) as { code?: unknown };
    throw new UsageMistake(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`);
  }
}

/** Whatever is not UTF-8 becomes a question mark of Unicode's. */
const decode = (bytes: Buffer) => bytes.toString('utf8');

async function readAll(stream: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop closes the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(name);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (name: string) =>
  new UsageMistake(
    `${name} is larger than ${mostMebibytes} MiB, which is the most that is read: is it the right file? If it is, cut it into several, or export less at a time (--host, --environment).`,
  );
