import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** Logs to standard output: for people on a terminal, one JSON object a line elsewhere. */
export function createLogger(): Logger {
  const base = { name: 'wharfinger' };
  if (!process.stdout.isTTY) return pino({ base });
  return pino(
    { base },
    pretty({ ignore: 'name,pid,hostname,url,engine,location,host,ranges', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
