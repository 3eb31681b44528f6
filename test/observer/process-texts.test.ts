import { describe, expect, it } from 'vitest';
import { longestCommand } from '../../src/domain/observation.ts';
import { cutCommand, parseProcCmdline } from '../../src/observer/command-line.ts';
import { parseProcComm } from '../../src/observer/proc-comm.ts';
import { parseProcCwd } from '../../src/observer/proc-cwd.ts';

describe('the command line of a process', () => {
  it.each([
    { of: 'arguments', text: 'node\0server.js\0--port\x008000\0', command: 'node server.js --port 8000' },
    {
      of: 'a title that a program gave itself',
      text: 'nginx: master process\0\0\0\0',
      command: 'nginx: master process',
    },
    { of: 'a kernel thread, which has none', text: '', command: null },
    { of: 'empty arguments', text: '\0\0', command: null },
  ])('is that of $of', ({ text, command }) => {
    expect(parseProcCmdline(text)).toBe(command);
  });

  it('is cut off, and never through a character', () => {
    expect(cutCommand('x'.repeat(longestCommand + 1))).toBe('x'.repeat(longestCommand));
    expect(cutCommand(`${'x'.repeat(longestCommand - 1)}🚢`)).toBe('x'.repeat(longestCommand - 1));
    expect(cutCommand(`${'x'.repeat(longestCommand - 2)}🚢🚢`)).toBe(`${'x'.repeat(longestCommand - 2)}🚢`);
  });
});

describe('the name of a process', () => {
  it.each([
    { comm: 'postgres\n', commandLine: '/usr/lib/postgresql/bin/postgres\0-D\0/srv\0', name: 'postgres' },
    { comm: 'MainThread\n', commandLine: '/usr/bin/node\0server.js\0', name: 'node' },
    { comm: 'node-MainThread\n', commandLine: 'node\0server.js\0', name: 'node' },
    { comm: 'MainThread\n', commandLine: '', name: 'MainThread' },
    { comm: '\n', commandLine: '', name: null },
  ])('is $name where the system says $comm', ({ comm, commandLine, name }) => {
    expect(parseProcComm(comm, commandLine)).toBe(name);
  });
});

describe('the working directory of a process', () => {
  it.each([
    { link: '/src/shop', path: '/src/shop' },
    { link: '/src/shop (deleted)', path: '/src/shop' },
    { link: '/src/shop (deleted)/api', path: '/src/shop (deleted)/api' },
    { link: '/', path: '/' },
    { link: '(unreachable)/src/shop', path: null },
    { link: '', path: null },
  ])('is $path where the link says $link', ({ link, path }) => {
    expect(parseProcCwd(link)).toBe(path);
  });
});
