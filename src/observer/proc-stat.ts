import type { Lineage } from './ancestry.ts';

/**
 * Whose child a process is, from the text of /proc/PID/stat: `42 (name) S parent group session …`
 * (proc_pid_stat(5)). Undefined for text that is none. The name may contain spaces, parentheses and line
 * breaks, so that only its last parenthesis counts: none of the columns after it has one.
 */
export function parseProcStat(text: string): Lineage | undefined {
  const columns = text.slice(text.lastIndexOf(')') + 1).split(' ');
  const [, , parent = '', , session = ''] = columns;
  if (!/^\d+$/.test(parent) || !/^\d+$/.test(session)) return undefined;
  return { parent: Number(parent), sessionMarks: [session] };
}
