import type { Lineage } from './ancestry.ts';
import { cutCommand } from './command-line.ts';

/** A process as ps shows it. */
export interface PsProcess extends Lineage {
  readonly id: number;
  readonly command: string | null;
}

/** What ps must be told: every process, whole lines, no heading. */
export const psParameters = ['-axww', '-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=', '-o', 'tty=', '-o', 'command='];

/**
 * The processes in the output of ps with `psParameters`, by id. macOS' ps shows 0 for every session, so that
 * two processes are taken to be of one session only where they share a terminal, which belongs to one session,
 * or a process group, which lies in one: less than the truth, never more. `?` is no terminal.
 */
export function parsePs(text: string): Map<number, PsProcess> {
  const processes = new Map<number, PsProcess>();
  for (const line of text.split('\n')) {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)(?:\s+(.*))?$/.exec(line);
    if (!found) continue;
    const [, id, parent, group, terminal = '', command = ''] = found;
    const marks = [`group ${group}`];
    if (!/^[?-]+$/.test(terminal)) marks.push(`terminal ${terminal}`);
    processes.set(Number(id), {
      id: Number(id),
      parent: Number(parent),
      sessionMarks: marks,
      command: cutCommand(command),
    });
  }
  return processes;
}
