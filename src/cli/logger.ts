import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { printableJson, printableLines } from '../domain/printable.ts';
import { oneLine } from './text.ts';

/**
 * Logs to standard output: for people on a terminal, one JSON object a line elsewhere. What others named is logged so
 * that it can be printed.
 */
export function createLogger(): Logger {
  const base = { name: 'wharfinger' };
  if (!process.stdout.isTTY) return pino({ base, hooks: { streamWrite: printableJson } });
  return pino(
    { base, hooks: { streamWrite: withPrintableTexts } },
    pretty({ ignore: 'name,pid,hostname,url,engine,location,host,ranges', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}

/** A logged line whose texts are one line each; only stacks have more. */
export const withPrintableTexts = (line: string) =>
  `${JSON.stringify(
    JSON.parse(line, (key, value) => {
      if (typeof value !== 'string') return value;
      return key === 'stack' ? printableLines(value) : oneLine(value);
    }),
  )}\n`;
