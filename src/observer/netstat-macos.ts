import { isPort } from '../domain/port.ts';
import type { ListeningSocket } from './listening-socket.ts';

/**
 * The listening sockets in the output of macOS' `netstat -an -p tcp`, those of other users as well: lines such
 * as `tcp4 0 0 127.0.0.1.5432 *.* LISTEN`, the port behind the last point. tcp46 takes both families. Long
 * addresses are cut off by netstat.
 */
export function parseMacosNetstat(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol = '', , , local = '', , state] = line.trim().split(/\s+/);
    const found = /^(.+)\.(\d{1,5})$/.exec(local);
    const port = Number(found?.[2]);
    if (!/^tcp(4|6|46)$/.test(protocol) || state !== 'LISTEN' || !isPort(port)) return [];
    const address = found?.[1] ?? '';
    return [{ port, address: address === '*' ? anyAddress(protocol) : address }];
  });
}

function anyAddress(protocol: string): string {
  return protocol === 'tcp4' ? '0.0.0.0' : '::';
}
