import { isPort } from '../domain/port.ts';
import type { OwnedSocket } from './listening-socket.ts';

/**
 * The listening sockets in the output of Windows' `netstat -ano`: lines such as
 * `TCP 127.0.0.1:5432 0.0.0.0:0 LISTENING 4242`, IPv6 in brackets. The state is written in the system's
 * language, in one word or several, so that a listening socket is told by its foreign port, which is 0. The
 * process id comes last; 0 is none.
 */
export function parseWindowsNetstat(text: string): OwnedSocket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, local = '', foreign = '', ...rest] = line.trim().split(/\s+/);
    const found = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(local);
    const port = Number(found?.[3]);
    const processId = rest.at(-1) ?? '';
    if (protocol !== 'TCP' || !foreign.endsWith(':0') || !isPort(port) || !/^\d+$/.test(processId)) return [];
    const address = found?.[1] ?? found?.[2] ?? '';
    return [{ port, address, processId: Number(processId) || null }];
  });
}
