import { asPort, isPort } from '../domain/port.ts';
import type { ListeningSocket } from './listening-socket.ts';
import { parseProcCwd } from './proc-cwd.ts';

/** A listening socket in one process's hands, as lsof shows it. */
export interface LsofSocket extends ListeningSocket {
  readonly processId: number;
  /** The short name of the process. */
  readonly name: string | null;
  /** What tells the socket from all others, its address in the kernel or its inode; null where that is not shown. */
  readonly device: string | null;
}

/** What lsof must be told: no warnings, names whole, and the fields that are read here. */
export const lsofSocketParameters = ['-w', '+c', '0', '-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pcftdn'] as const;

/** What lsof must be told to show the working directories of processes. */
export function lsofDirectoryParameters(processIds: readonly number[]): string[] {
  return ['-w', '-nP', '-a', '-d', 'cwd', '-p', processIds.join(','), '-F', 'pfn'];
}

/**
 * The sockets in the output of lsof with `lsofSocketParameters`: lines of one field, told by its first letter
 * (lsof(8), "Output for other programs"): p and c a process, f a descriptor, t its type, d its device, n its
 * name. `*` is any address, of the family that the type tells.
 */
export function parseLsofSockets(text: string): LsofSocket[] {
  const sockets: LsofSocket[] = [];
  for (const { p, c, t, d, n } of readRecords(text)) {
    const found = /^(\*|\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(n ?? '');
    const port = Number(found?.[2]);
    const processId = Number(p);
    if (!found || !isPort(port) || !(processId > 0)) continue;
    const [, address = ''] = found;
    sockets.push({
      port: asPort(port),
      address: address === '*' ? anyAddress(t) : address.replace(/^\[|\]$/g, ''),
      processId,
      name: c || null,
      device: d && !/^0x0*$/.test(d) ? d : null,
    });
  }
  return sockets;
}

/** The directories in the output of lsof with `lsofDirectoryParameters`, by process id. */
export function parseLsofDirectories(text: string): Map<number, string> {
  const directories = new Map<number, string>();
  for (const { p, f, n = '' } of readRecords(text)) {
    // Where it may not look, it writes why behind the path, such as `(readlink: Permission denied)`.
    const path = / \([a-z]+: [^()]*\)$/.test(n) ? null : parseProcCwd(n);
    if (f === 'cwd' && path !== null && Number(p) > 0) directories.set(Number(p), path);
  }
  return directories;
}

function anyAddress(type: string | undefined): string {
  return type === 'IPv4' ? '0.0.0.0' : '::';
}

type Fields = Partial<Record<string, string>>;

/** The fields of each name, with those of its process and descriptor. */
function readRecords(text: string): Fields[] {
  const records: Fields[] = [];
  let process: Fields = {};
  let file: Fields = {};
  for (const line of text.split('\n')) {
    const field = line.slice(0, 1);
    const value = decodeEscapes(line.slice(1));
    if (field === 'p') {
      process = { p: value };
      file = {};
    } else if (field === 'c') process = { ...process, c: value };
    else if (field === 'f') file = { f: value };
    else if (field === 'n') records.push({ ...process, ...file, n: value });
    else file = { ...file, [field]: value };
  }
  return records;
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** In the C locale, lsof writes each byte that is not printable ASCII as `\xNN` or like C. */
function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = text.replace(/\\(x[0-9a-f]{2}|[bfnrt\\])|[^\\]+/g, (whole, code?: string) => {
    if (code === undefined) return Buffer.from(whole, 'utf8').toString('latin1');
    return escapes[code] ?? String.fromCharCode(Number.parseInt(code.slice(1), 16));
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
