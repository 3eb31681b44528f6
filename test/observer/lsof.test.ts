import { describe, expect, it } from 'vitest';
import { withoutInherited } from '../../src/observer/inherited-sockets.ts';
import { parseLsofDirectories, parseLsofSockets } from '../../src/observer/lsof.ts';

// Captured from lsof 4.95 on Linux, of listeners on 127.0.0.1, ::1, 0.0.0.0 and :: in one process, and of another.
const captured = `p20658
cnode
f19
tIPv4
d1158781
n127.0.0.1:41813
f20
tIPv6
d1158782
n[::1]:42879
f21
tIPv4
d1158783
n*:38809
f22
tIPv6
d1158784
n*:46481
p20666
cmy node server
f18
tIPv6
d1158797
n*:33989
`;

// Not captured: as macOS' lsof 4.91 is known to write kernel addresses for devices, spaces of names as \x20, and scopes inside addresses.
const ofMacos = `p653
cGoogle\\x20Chrome
f23
tIPv4
d0x86f43d8b9392d21f
n127.0.0.1:9222
f24
tIPv6
d0x86f43d8b9392d220
n[fe80:4::aede:48ff:fe00:1122]:49200
`;

describe('the listening sockets that lsof shows', () => {
  it('have the process, the address, and what tells them apart', () => {
    const node = { processId: 20_658, name: 'node' };
    expect(parseLsofSockets(captured)).toEqual([
      { ...node, address: '127.0.0.1', port: 41_813, device: '1158781' },
      { ...node, address: '::1', port: 42_879, device: '1158782' },
      { ...node, address: '0.0.0.0', port: 38_809, device: '1158783' },
      { ...node, address: '::', port: 46_481, device: '1158784' },
      { processId: 20_666, name: 'my node server', address: '::', port: 33_989, device: '1158797' },
    ]);
  });

  it('are read as macOS writes them', () => {
    const chrome = { processId: 653, name: 'Google Chrome' };
    expect(parseLsofSockets(ofMacos)).toEqual([
      { ...chrome, address: '127.0.0.1', port: 9_222, device: '0x86f43d8b9392d21f' },
      { ...chrome, address: 'fe80:4::aede:48ff:fe00:1122', port: 49_200, device: '0x86f43d8b9392d220' },
    ]);
  });

  it.each([
    { what: 'a connection', text: 'p1\nf3\ntIPv4\nn127.0.0.1:1->127.0.0.1:2\n' },
    { what: 'a port by name', text: 'p1\nf3\ntIPv4\nn*:http\n' },
    { what: 'no port', text: 'p1\nf3\ntIPv4\nn*:*\n' },
    { what: 'a number that is no port', text: 'p1\nf3\ntIPv4\nn*:65536\n' },
    { what: 'no process', text: 'f3\ntIPv4\nn*:8000\n' },
    { what: 'a process that is none', text: 'px\nf3\ntIPv4\nn*:8000\n' },
    { what: 'nothing', text: '' },
  ])('are none of $what', ({ text }) => {
    expect(parseLsofSockets(text)).toEqual([]);
  });

  it('belong, where several processes inherited one, to the process with the lowest id', () => {
    const socket = (processId: number, device: string) => `p${processId}\ncnode\nf3\ntIPv4\nd${device}\nn*:8000\n`;
    const owners = (text: string) => withoutInherited(parseLsofSockets(text)).map(({ processId }) => processId);
    expect(owners(socket(11, '7') + socket(10, '7') + socket(12, '8'))).toEqual([10, 12]);
    // Where the devices are kept from users, they are all the same.
    expect(owners(socket(11, '0x0') + socket(10, '0x0'))).toEqual([11, 10]);
  });
});

describe('the working directories that lsof shows', () => {
  it('are there by process, in any writing', () => {
    // Captured from lsof 4.95 in the C locale, but for the ids and the paths' beginnings.
    const text =
      'p1\nfcwd\nn/proc/1/cwd (readlink: Permission denied)\np42\nfcwd\nn/src/caf\\xc3\\xa9\\tb\\\\x41 \\n\np43\nfcwd\nn/src/shop (deleted)\n';
    expect(parseLsofDirectories(text)).toEqual(
      new Map([
        [42, '/src/café\tb\\x41 \n'],
        [43, '/src/shop'],
      ]),
    );
  });

  it('are none of other descriptors, of relative paths, and of nothing', () => {
    expect(parseLsofDirectories('p42\nftxt\nn/usr/bin/node\np43\nfcwd\nnunknown\nfcwd\n')).toEqual(new Map());
    expect(parseLsofDirectories('')).toEqual(new Map());
  });
});
