import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { spawnCommand } from '../support/spawned-server.ts';

describe('the command', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const exits = await Promise.all([spawnCommand(['--version']).exited, spawnCommand(['-V']).exited]);
    for (const exit of exits) expect(exit).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
  });

  it('prints its help, and that of its commands', async () => {
    const [all, serve] = await Promise.all([spawnCommand(['--help']).exited, spawnCommand(['serve', '--help']).exited]);
    expect(all).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/Usage: wharfinger[\s\S]* serve /),
    });
    expect(serve).toMatchObject({ code: 0, stderr: '' });
    for (const flag of ['--host', '--port', '--data-dir', '--database-url', '--hostname']) {
      const variable = `WHARFINGER_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`;
      expect(serve.stdout).toMatch(new RegExp(`${flag} <[^<]*${variable}`));
    }
    expect(serve.stdout).toContain('$ wharfinger serve');
  });

  it.each([
    [['serve', '--surprise'], "unknown option '--surprise'"],
    [['surprise'], "unknown command 'surprise'"],
    [['serve', '--port'], 'argument missing'],
    [['serve', 'extra'], 'too many arguments'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await spawnCommand(args).exited;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
  });
});
