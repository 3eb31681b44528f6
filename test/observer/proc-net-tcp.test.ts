import { describe, expect, it } from 'vitest';
import { isPastListeners, parseProcNetTcp } from '../../src/observer/proc-net-tcp.ts';

// As Linux 6 writes them: /proc/net/tcp and /proc/net/tcp6, listeners first.
const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n';
const listening = `${heading}   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41234 1 0000000000000000 100 0 0 10 0                      
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17001 1 0000000000000000 100 0 0 10 0                      
`;
const connected = `${listening}   2: 0100007F:1F40 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 41299 1 0000000000000000 20 4 30 10 -1                     
   3: 0100007F:B097 0100007F:D18C 06 00000000:00000000 03:00000C18 00000000     0        0 0 3 000000003459a040                                      
`;
const listening6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51234 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:1F41 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51235 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F42 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51236 1 0000000000000000 100 0 0 10 0
   3: B80D01200000000001000000EFCDAB89:1F43 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51237 1 0000000000000000 100 0 0 10 0
`;

describe('the listening sockets of a captured table', () => {
  it('are those of IPv4, without connections', () => {
    const sockets = [
      { address: '127.0.0.1', port: 8000, inode: 41234 },
      { address: '0.0.0.0', port: 22, inode: 17001 },
    ];
    expect(parseProcNetTcp(listening)).toEqual(sockets);
    expect(parseProcNetTcp(connected)).toEqual(sockets);
  });

  it('are those of IPv6, and of IPv4 mapped into it', () => {
    expect(parseProcNetTcp(listening6)).toEqual([
      { address: '::', port: 8000, inode: 51234 },
      { address: '::1', port: 8001, inode: 51235 },
      { address: '::ffff:127.0.0.1', port: 8002, inode: 51236 },
      { address: '2001:db8::1:89ab:cdef', port: 8003, inode: 51237 },
    ]);
  });

  it.each([
    { of: 'nothing', table: '' },
    { of: 'the heading alone', table: heading },
    { of: 'port 0', table: listening.replaceAll(/:(1F40|0016)/g, ':0000') },
    { of: 'an address of another length', table: listening.replaceAll(/ 0(100007F|0000000):/g, ' $1:') },
    { of: 'no inode', table: listening.replaceAll(/41234|17001/g, 'x') },
  ])('are none of $of', ({ table }) => {
    expect(parseProcNetTcp(table)).toEqual([]);
  });

  it('are those of the whole lines, wherever the table is cut off', () => {
    const whole = parseProcNetTcp(connected);
    for (let length = 0; length <= connected.length; length += 1) {
      const text = connected.slice(0, length);
      const lines = text.split('\n').length - 1;
      expect(parseProcNetTcp(text)).toEqual(whole.slice(0, Math.max(0, lines - 1)));
    }
  });
});

describe('the listeners of a table that is read piece by piece', () => {
  it.each([
    { when: 'nothing was read', table: '', past: false },
    { when: 'the heading was read', table: heading, past: false },
    { when: 'only listeners were read', table: listening, past: false },
    { when: 'a connection was read in part', table: connected.slice(0, listening.length + 60), past: false },
    { when: 'a connection was read', table: connected, past: true },
  ])('are all there: $past, when $when', ({ table, past }) => {
    expect(isPastListeners(table)).toBe(past);
  });
});
