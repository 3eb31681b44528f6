import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findListeningProcess, listeningInodes } from '../../src/observer/listening-process.ts';
import { freePort } from '../support/postgresql-server.ts';

const captured = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F40 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 41299 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17001 1 0000000000000000 100 0 0 10 0
`;

const captured6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51234 1 0000000000000000 100 0 0 10 0
`;

describe('the listening sockets of a captured table', () => {
  it.each([
    { of: 'an IPv4 port, without its connections', table: captured, port: 8000, inodes: ['41234'] },
    { of: 'an IPv6 port', table: captured6, port: 8000, inodes: ['51234'] },
    { of: 'a low port, which is padded with zeros', table: captured, port: 22, inodes: ['17001'] },
    { of: 'a port that nobody listens on', table: captured, port: 8001, inodes: [] },
    { of: 'an empty table', table: '', port: 8000, inodes: [] },
  ])('are those of $of', ({ table, port, inodes }) => {
    expect(listeningInodes(table, port)).toEqual(inodes);
  });
});

describe.runIf(process.platform === 'linux')('the process that listens', () => {
  it('is found by its port, and is nobody once it stopped', async () => {
    const server = createServer().listen({ host: '127.0.0.1', port: await freePort() });
    onTestFinished(() => {
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await findListeningProcess(port)).toMatchObject({ pid: process.pid });
    server.close();
    await once(server, 'close');
    expect(await findListeningProcess(port)).toBeUndefined();
  });
});
