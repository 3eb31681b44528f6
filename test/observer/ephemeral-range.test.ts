import { describe, expect, it } from 'vitest';
import { parseDynamicPort } from '../../src/observer/dynamic-port.ts';
import { parseLocalPortRange, parseReservedPorts } from '../../src/observer/local-port-range.ts';

describe('the range of ephemeral ports', () => {
  it.each([
    { of: 'Linux', text: '32768\t60999\n', range: { start: 32_768, end: 60_999 } },
    { of: 'macOS', text: '49152\n65535\n', range: { start: 49_152, end: 65_535 } },
    { of: 'one number', text: '32768\n', range: undefined },
    { of: 'no numbers', text: 'unknown oid\n', range: undefined },
    { of: 'numbers the wrong way round', text: '60999 32768', range: undefined },
    { of: 'numbers that are no ports', text: '0 65536', range: undefined },
  ])('is read from the text of $of', ({ text, range }) => {
    expect(parseLocalPortRange(text)).toEqual(range);
  });

  // As netsh writes it on English, German and Japanese Windows.
  it.each([
    {
      of: 'English',
      text: '\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\nStart Port      : 49152\r\nNumber of Ports : 16384\r\n\r\n',
      range: { start: 49_152, end: 65_535 },
    },
    {
      of: 'German',
      text: '\r\nProtokoll tcp Dynamischer Portbereich\r\n---------------------------------\r\nStartport       : 1024\r\nAnzahl von Ports: 64511\r\n\r\n',
      range: { start: 1_024, end: 65_534 },
    },
    {
      of: 'Japanese',
      text: '\nプロトコル tcp 動的ポート範囲\n---------------------------------\n開始ポート          : 49152\nポート数            : 16384\n',
      range: { start: 49_152, end: 65_535 },
    },
    {
      of: 'a failed',
      text: 'The following command was not found: int ipv4 show dynamicport tcp.\r\n',
      range: undefined,
    },
    { of: 'a longer', text: 'a : 1\nb : 2\nc : 3\n', range: undefined },
    { of: 'an impossible', text: 'Start Port : 65000\nNumber of Ports : 16384\n', range: undefined },
  ])('is read from $of answer of Windows', ({ text, range }) => {
    expect(parseDynamicPort(text)).toEqual(range);
  });
});

describe('the ports that Linux keeps out of it', () => {
  it.each([
    { text: '\n', spans: [] },
    {
      text: '8080,9100-9199\n',
      spans: [
        { start: 8_080, end: 8_080 },
        { start: 9_100, end: 9_199 },
      ],
    },
    { text: '1-4,x,0,10-9,70000,6-\n', spans: [{ start: 1, end: 4 }] },
  ])('are read from $text', ({ text, spans }) => {
    expect(parseReservedPorts(text)).toEqual(spans);
  });
});
