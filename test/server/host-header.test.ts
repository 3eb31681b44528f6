import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { embedded } from '../support/databases.ts';
import { sendOperation, sendRaw } from '../support/raw-request.ts';
import { openWebsocket } from '../support/raw-websocket.ts';
import { shareServer } from '../support/server.ts';

/** All that is answered to bytes until the connection ends. */
function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('the Host header', () => {
  const server = shareServer(embedded);

  it.each([
    ':4280',
    'user@evil.example',
    'evil.example@localhost',
    'user:secret@localhost',
    'localhost/',
    'localhost/graphql',
    'localhost?query',
    'localhost#fragment',
    'localhost\\evil.example',
    'http://localhost',
    'a b',
    'localhost 127.0.0.1',
    'local\thost',
    '[::1',
    '::1',
    '[0:0:0:0:0:0:0:1]',
    '[::1%25lo]',
    '\xc3',
    'localhost\xc3',
    'local%68ost',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    'localhost:',
    'localhost:0',
    'localhost:00080',
    'localhost:65536',
    'localhost:-1',
    'localhost:http',
    'localhost:80:80',
  ])('finds the Host %j bad, which no browser sends', async (name) => {
    for (const path of ['/graphql', '/', '/health', '/ready', '/metrics', '/nothing']) {
      const { status, text } = await sendRaw(server().port, { path, headers: { host: name } });
      expect([status, text], path).toEqual([400, expect.stringContaining('Host header')]);
    }
    expect((await sendOperation(server().port, { host: name })).status).toBe(400);
    await expect(openWebsocket(server().url, { headers: { host: name } })).rejects.toThrow('400');
  });

  it.each([
    ['none', ''],
    ['an empty one', 'Host: \r\n'],
    ['two', 'Host: localhost\r\nHost: evil.example\r\n'],
    ['two of the same', 'Host: localhost\r\nHost: localhost\r\n'],
    ['one with a line folded into it', 'Host: localhost\r\n evil.example\r\n'],
  ])('finds a request with %s for a Host bad, a WebSocket as well', async (_what, host) => {
    const upgrade =
      'Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    for (const [path, headers] of [
      ['/health', 'Connection: close\r\n'],
      ['/graphql', upgrade],
    ]) {
      const answer = await exchange(server().port, `GET ${path} HTTP/1.1\r\n${host}${headers}\r\n`); // one by one
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    }
  });
});
