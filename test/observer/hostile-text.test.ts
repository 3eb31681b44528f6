import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestCommand } from '../../src/domain/observation.ts';
import { isPort } from '../../src/domain/port.ts';
import { cutCommand, parseProcCmdline } from '../../src/observer/command-line.ts';
import { parseDynamicPort } from '../../src/observer/dynamic-port.ts';
import { parseLocalPortRange, parseReservedPorts } from '../../src/observer/local-port-range.ts';
import { parseLsofDirectories, parseLsofSockets } from '../../src/observer/lsof.ts';
import { parseMacosNetstat } from '../../src/observer/netstat-macos.ts';
import { parseWindowsNetstat } from '../../src/observer/netstat-windows.ts';
import { parseProcComm } from '../../src/observer/proc-comm.ts';
import { parseProcCwd } from '../../src/observer/proc-cwd.ts';
import { isPastListeners, parseProcNetTcp } from '../../src/observer/proc-net-tcp.ts';
import { parseProcStat } from '../../src/observer/proc-stat.ts';
import { parsePs } from '../../src/observer/ps.ts';
import { parseTasklist } from '../../src/observer/tasklist.ts';

/** Pieces of all the formats, so that much of the text is nearly right. */
const pieces = fc.constantFrom(
  ...[
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\0',
    ':',
    '.',
    ',',
    '-',
    '"',
    '(',
    ')',
    '[',
    ']',
    '*',
    '\\',
    '\\x41',
    '0',
    '8000',
    '99999',
  ],
  ...[
    '0A',
    '0100007F:1F40',
    '00000000:0000',
    'TCP',
    'tcp4',
    '0.0.0.0:0',
    '[::]:0',
    '127.0.0.1.80',
    'LISTEN',
    '??',
    'node',
  ],
  ...[
    'p1',
    'cnode',
    'fcwd',
    'tIPv4',
    'd7',
    'n*:8000',
    'n/src',
    ' (deleted)',
    '4242',
    '"node.exe","42"',
    '🚢',
    '\uD83D',
  ],
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' ')),
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('\n')),
);

describe('any text', () => {
  it.each([
    ['/proc/net/tcp', parseProcNetTcp],
    ['lsof', parseLsofSockets],
    ['netstat on macOS', parseMacosNetstat],
    ['netstat on Windows', parseWindowsNetstat],
  ])('gives a list of sockets, taken for the output of %s', (_name, parse) => {
    fc.assert(
      fc.property(text, (any) => {
        expect(parse(any).every(({ port, address }) => isPort(port) && address !== '')).toBe(true);
      }),
    );
  });

  it.each([
    ['lsof', parseLsofDirectories],
    ['ps', parsePs],
    ['tasklist', parseTasklist],
  ])('gives processes, taken for the output of %s', (_name, parse) => {
    fc.assert(
      fc.property(text, (any) => {
        expect([...parse(any).keys()].every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it('gives spans of ports, or none', () => {
    fc.assert(
      fc.property(text, (any) => {
        const spans = [parseLocalPortRange(any), parseDynamicPort(any), ...parseReservedPorts(any)];
        for (const { start, end } of spans.filter((span) => span !== undefined)) {
          expect(isPort(start) && isPort(end) && start <= end).toBe(true);
        }
      }),
    );
  });

  it('gives the texts of a process, or none', () => {
    fc.assert(
      fc.property(text, (any) => {
        for (const command of [cutCommand(any), parseProcCmdline(any)]) {
          expect(command === null || (command !== '' && command.length <= longestCommand)).toBe(true);
        }
        expect(parseProcCwd(any) ?? '/').toMatch(/^\//);
        expect(parseProcComm(any, any)).not.toBe('');
        expect(Number.isInteger(parseProcStat(any)?.parent ?? 0)).toBe(true);
        expect(typeof isPastListeners(any)).toBe('boolean');
      }),
    );
  });
});
