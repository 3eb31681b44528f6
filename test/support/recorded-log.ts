import { type Level, type Logger, pino } from 'pino';

/** One line of a log, as written. */
export interface LogEntry {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A logger that keeps what it is given: `entries('error')` are the lines of that level and above. */
export function recordLog(): { readonly log: Logger; entries(level?: Level): LogEntry[] } {
  const lines: LogEntry[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { log, entries: (level = 'trace') => lines.filter((line) => line.level >= Number(log.levels.values[level])) };
}
