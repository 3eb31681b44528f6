import { describe, expect, it } from 'vitest';
import { parseMacosNetstat } from '../../src/observer/netstat-macos.ts';
import { parseWindowsNetstat } from '../../src/observer/netstat-windows.ts';
import { parseTasklist } from '../../src/observer/tasklist.ts';

// Written after public captures of `netstat -ano`, in the columns of Windows 10 and 11.
const english = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       924
  TCP    127.0.0.1:3306         0.0.0.0:0              LISTENING       8840
  TCP    127.0.0.1:3306         127.0.0.1:51234        ESTABLISHED     8840
  TCP    10.0.2.15:49672        192.0.2.65:443         TIME_WAIT       0
  TCP    [::]:8080              [::]:0                 LISTENING       8768
  TCP    [fe80::10b0:462e:c279:f46a%9]:5357  [::]:0    LISTENING       4
  UDP    0.0.0.0:5355           *:*                                    2036
`;
const german = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:3306         0.0.0.0:0              ABHÖREN         8840
  TCP    127.0.0.1:3306         127.0.0.1:51234        HERGESTELLT     8840
`;
const french = german.replace('ABHÖREN', "À L'ÉCOUTE").replace('HERGESTELLT', 'ÉTABLI');

describe('the listening sockets that netstat shows on Windows', () => {
  it('have address and process, and no connection is one of them', () => {
    expect(parseWindowsNetstat(english.replaceAll('\n', '\r\n'))).toEqual([
      { port: 135, address: '0.0.0.0', processId: 924 },
      { port: 3306, address: '127.0.0.1', processId: 8840 },
      { port: 8080, address: '::', processId: 8768 },
      { port: 5357, address: 'fe80::10b0:462e:c279:f46a%9', processId: 4 },
    ]);
  });

  it.each([
    ['German', german],
    ['French', french],
    ['a code page that is not UTF-8', german.replace('Ö', '\uFFFD')],
  ])('are the same in %s', (_language, text) => {
    expect(parseWindowsNetstat(text)).toEqual([{ port: 3306, address: '127.0.0.1', processId: 8840 }]);
  });

  it('are without process where that is 0, and none of lines that are cut off', () => {
    expect(parseWindowsNetstat('  TCP  0.0.0.0:80  0.0.0.0:0  LISTENING  0')).toMatchObject([{ processId: null }]);
    expect(parseWindowsNetstat('  TCP  0.0.0.0:80  0.0.0.0:0  LISTENING')).toEqual([]);
    expect(parseWindowsNetstat('  TCP  0.0.0.0:80  0.0.0.0:0')).toEqual([]);
    expect(parseWindowsNetstat('  TCP  0.0.0.0:80')).toEqual([]);
    expect(parseWindowsNetstat('  TCP  0.0.0.0:65536  0.0.0.0:0  LISTENING  4')).toEqual([]);
  });
});

describe('the names that tasklist shows', () => {
  it('are there by process, with commas and spaces', () => {
    // Written after public captures of `tasklist /FO CSV /NH`; the numbers of memory are in the system's language.
    const text =
      '"System Idle Process","0","Services","0","8 K"\r\n"node.exe","4242","Console","1","84,528 K"\r\n"weird, name.exe","77","Console","1","N/A"\r\n\r\nINFO: No tasks\r\n"cut","';
    expect(parseTasklist(text)).toEqual(
      new Map([
        [0, 'System Idle Process'],
        [4242, 'node.exe'],
        [77, 'weird, name.exe'],
      ]),
    );
  });
});

describe('the listening sockets that netstat shows on macOS', () => {
  it('have their address, and no connection is one of them', () => {
    // Written after public captures of `netstat -an -p tcp` on macOS 13 and 14.
    const text = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  127.0.0.1.12345        127.0.0.1.62965        ESTABLISHED
tcp46      0      0  *.8080                 *.*                    LISTEN
tcp4       0      0  127.0.0.1.5432         *.*                    LISTEN
tcp6       0      0  ::1.5432               *.*                    LISTEN
tcp4       0      0  *.7000                 *.*                    LISTEN
tcp6       0      0  fe80::1%lo0.8021       *.*                    LISTEN
tcp4       0      0  *.*                    *.*                    CLOSED
udp4       0      0  *.5353                 *.*
`;
    expect(parseMacosNetstat(text)).toEqual([
      { port: 8080, address: '::' },
      { port: 5432, address: '127.0.0.1' },
      { port: 5432, address: '::1' },
      { port: 7000, address: '0.0.0.0' },
      { port: 8021, address: 'fe80::1%lo0' },
    ]);
  });
});
