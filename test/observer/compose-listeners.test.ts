import { describe, expect, it } from 'vitest';
import type { SeenProcess } from '../../src/domain/observation.ts';
import { asPort } from '../../src/domain/port.ts';
import { composeListeners } from '../../src/observer/compose-listeners.ts';
import { joinMacos } from '../../src/observer/macos.ts';

const socket = (port: number, address: string, processId: number | null) => ({
  port: asPort(port),
  address,
  processId,
});
const processOf = (id: number): SeenProcess => ({
  id,
  name: 'node',
  command: null,
  workingDirectory: '/src/shop',
  ancestorDirectories: [],
});

describe('listeners', () => {
  it('are one for a process on several addresses of a port', () => {
    const sockets = [socket(8000, '::1', 4), socket(8000, '127.0.0.1', 4), socket(8000, '127.0.0.1', 4)];
    expect(composeListeners(sockets, processOf)).toEqual([
      { port: 8000, addresses: ['127.0.0.1', '::1'], process: processOf(4) },
    ]);
  });

  it('are several for processes that share a port, by process, and come by port', () => {
    const sockets = [socket(9000, '::', 4), socket(8000, '::', null), socket(8000, '::', 10), socket(8000, '::', 9)];
    const found = composeListeners(sockets, processOf).map(({ port, process }) => [port, process?.id ?? null]);
    expect(found).toEqual([
      [8000, 9],
      [8000, 10],
      [8000, null],
      [9000, 4],
    ]);
  });

  it('are without process, one a port, where it cannot be seen or has ended', () => {
    const sockets = [socket(8000, '0.0.0.0', null), socket(8000, '::', 4), socket(8001, '::', null)];
    expect(composeListeners(sockets, () => null)).toEqual([
      { port: 8000, addresses: ['0.0.0.0', '::'], process: null },
      { port: 8001, addresses: ['::'], process: null },
    ]);
  });
});

describe('what the programs of macOS tell', () => {
  const seen = { ...socket(8000, '::1', 4), processId: 4, name: 'node', device: '0x86f4' };

  it('is joined by process', () => {
    const processes = new Map([
      [4, { id: 4, parent: 3, sessionMarks: ['terminal ttys003'], command: 'node server.js' }],
      [3, { id: 3, parent: 2, sessionMarks: ['terminal ttys003'], command: '-zsh' }],
      [2, { id: 2, parent: 1, sessionMarks: ['group 2'], command: 'login' }],
    ]);
    const directories = new Map([
      [4, '/src/shop'],
      [3, '/src'],
      [2, '/'],
    ]);
    expect(joinMacos({ seen: [seen], all: [], processes, directories })).toEqual([
      {
        port: 8000,
        addresses: ['::1'],
        process: {
          id: 4,
          name: 'node',
          command: 'node server.js',
          workingDirectory: '/src/shop',
          ancestorDirectories: ['/src'],
        },
      },
    ]);
  });

  it('is less where ps and the directories tell nothing', () => {
    const listeners = joinMacos({ seen: [seen], all: [], processes: new Map(), directories: new Map() });
    expect(listeners).toMatchObject([
      { process: { id: 4, name: 'node', command: null, workingDirectory: null, ancestorDirectories: [] } },
    ]);
  });

  it('has ports of other users, and none of them twice', () => {
    const all = [socket(8000, 'fe80::1%lo0', null), socket(5432, '127.0.0.1', null)];
    const listeners = joinMacos({ seen: [seen], all, processes: new Map(), directories: new Map() });
    expect(listeners).toMatchObject([
      { port: 5432, addresses: ['127.0.0.1'], process: null },
      { port: 8000, addresses: ['::1'], process: { id: 4 } },
    ]);
  });
});
