import { longestCommand } from '../domain/observation.ts';

/** A command line as it is reported: at most `longestCommand` characters; null where there is none. */
export function cutCommand(text: string): string | null {
  // Half of a character that takes two of JavaScript's is no text that a database would keep.
  const cut = text
    .trim()
    .slice(0, longestCommand)
    .replace(/[\uD800-\uDBFF]$/, '');
  return cut === '' ? null : cut;
}

/** The arguments in the text of /proc/PID/cmdline, each ended by a NUL, with spaces between; null for a process that has none. */
export function parseProcCmdline(text: string): string | null {
  return cutCommand(text.replaceAll('\0', ' '));
}
