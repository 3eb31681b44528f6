import { readdir, readFile, readlink } from 'node:fs/promises';

/** The process that listens on a port of this machine, where it can be seen: on Linux, if it is ours to look at. */
export async function findListeningProcess(port: number): Promise<{ pid: number; name: string } | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readOrNothing));
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const processes = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const owners = await Promise.all(processes.map((pid) => ownsSocket(pid, inodes)));
  const pid = processes.find((_pid, index) => owners[index]);
  if (pid === undefined) return undefined;
  return { pid: Number(pid), name: (await readOrNothing(`/proc/${pid}/comm`)).trim() };
}

const listenState = '0A';

/**
 * The socket inodes that listen on a port, from the text of /proc/net/tcp or tcp6. Its columns
 * (https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html): slot, local address with the
 * port in hexadecimal, remote address, state, …, and the inode as the tenth.
 */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(suffix) && state === listenState && inode ? [inode] : [];
  });
}

async function ownsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  try {
    const descriptors = await readdir(`/proc/${pid}/fd`);
    const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
  } catch {
    return false; // somebody else's process, or one that has just ended
  }
}

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
