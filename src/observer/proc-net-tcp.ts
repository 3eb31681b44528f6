import { isPort } from '../domain/port.ts';
import { writeIpv4, writeIpv6 } from './ip-address.ts';
import type { ListeningSocket } from './listening-socket.ts';

/** A listening socket of /proc/net/tcp or tcp6. */
export interface ProcSocket extends ListeningSocket {
  /** The number that tells the socket from all others; 0 where nobody has it open. */
  readonly inode: number;
}

const listenState = '0A';

/**
 * The listening sockets in the text of /proc/net/tcp or tcp6, whole or cut off anywhere. Its columns
 * (https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html): slot, local address and port in
 * hexadecimal, remote address, state, …, and the inode as the tenth. Lines of anything else are left out.
 */
export function parseProcNetTcp(table: string): ProcSocket[] {
  // A last line without its end may be cut off within a number.
  const lines = table.split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state !== listenState || !/^\d+$/.test(inode)) return [];
    const found = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/i.exec(local);
    if (!found) return [];
    const [, address = '', hexadecimalPort = ''] = found;
    const port = Number.parseInt(hexadecimalPort, 16);
    return isPort(port) ? [{ address: decodeAddress(address), port, inode: Number(inode) }] : [];
  });
}

/**
 * Whether what follows this text in the table can only be connections: the kernel lists all listening
 * sockets first (same document), and there may be a hundred thousand connections.
 */
export function isPastListeners(table: string): boolean {
  const end = table.lastIndexOf('\n');
  const start = table.lastIndexOf('\n', end - 1);
  if (start < 1) return false; // not even the heading and a line
  return table.slice(start, end).trim().split(/\s+/)[3] !== listenState;
}

/** One word of four bytes, or four words, each written as a number of a little-endian machine: its last byte first. */
function decodeAddress(hexadecimal: string): string {
  const words = hexadecimal.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [6, 4, 2, 0].map((at) => Number.parseInt(word.slice(at, at + 2), 16)));
  return bytes.length === 4 ? writeIpv4(bytes) : writeIpv6(bytes);
}
