import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseEnv } from 'node:util';
import type { NamedPort } from '../domain/backfill-wishes.ts';
import { isPort } from '../domain/port.ts';

/** The files of a worktree that may name its ports; what a later one says of a variable counts. */
export const envFiles = ['.env', '.env.development', '.env.local'] as const;
export type EnvFile = (typeof envFiles)[number];

/**
 * The ports that environment files name: of `PORT` and of every `*_PORT` whose value is a whole port number.
 * `PORT` comes first, the others by their names, at most 100. Nothing else of the files is kept: they hold secrets.
 */
export function parseEnvPorts(texts: Readonly<Partial<Record<EnvFile, string>>>): NamedPort[] {
  const named = new Map<string, { value: string; file: EnvFile }>();
  for (const file of envFiles) {
    for (const [variable, value] of Object.entries(parseEnv(withoutMark(texts[file] ?? '')))) {
      if (namesPort(variable)) named.set(variable, { value: value ?? '', file });
    }
  }
  const ports = [...named].flatMap(([variable, { value, file }]) => {
    const port = /^[1-9]\d{0,4}$/.test(value.trim()) ? Number(value) : undefined;
    return isPort(port) ? [{ variable, port, file }] : [];
  });
  return ports.sort((a, b) => rank(a) - rank(b) || (a.variable < b.variable ? -1 : 1)).slice(0, mostPorts);
}

/** Far more than a worktree has services. */
const mostPorts = 100;

/** At most 64 letters, digits and underscores before it. */
const namesPort = (variable: string) => /^([A-Za-z0-9_]{0,63}[A-Za-z0-9]_)?PORT$/.test(variable);

const rank = ({ variable }: NamedPort) => (variable === 'PORT' ? 0 : 1);

/** Some editors begin a file with a byte order mark, which would belong to the first variable's name. */
const withoutMark = (text: string) => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/** The ports that the environment files of a worktree name; a file that is missing or cannot be read names none. */
export async function readEnvPorts(worktreePath: string): Promise<NamedPort[]> {
  const texts: Partial<Record<EnvFile, string>> = {};
  for (const file of envFiles) texts[file] = await readEnvFile(worktreePath, file); // three small files
  return parseEnvPorts(texts);
}

/** A larger file is no environment file, and half a file could end in half a number. */
const mostBytes = 256 * 1_024;

/** Only a regular file inside the worktree: a symbolic link to another checkout's file names that one's ports. */
async function readEnvFile(worktreePath: string, file: EnvFile): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    const root = await realpath(worktreePath);
    const path = await realpath(join(worktreePath, file)); // one thread at a time
    if (!path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return undefined;
    // Opening a pipe would wait for somebody to write to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const found = await handle.stat();
    if (!found.isFile() || found.size > mostBytes) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(found.size), 0, found.size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
