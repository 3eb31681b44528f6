import { basename } from 'node:path';

/**
 * A process's short name from the texts of /proc/PID/comm and cmdline. The former is the name of the first
 * thread, at most 15 bytes; newer versions of Node call that `MainThread` or `node-MainThread`, which names
 * no program, so that the program's own name is taken instead.
 */
export function parseProcComm(comm: string, commandLine: string): string | null {
  const name = comm.trim();
  if (!name.endsWith('MainThread')) return name || null;
  const [program = ''] = commandLine.split('\0');
  return basename(program) || name;
}
