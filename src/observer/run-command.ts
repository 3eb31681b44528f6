import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DetectionFailed } from './detection-failed.ts';

const execute = promisify(execFile);

/** A command that takes longer hangs, on a file system that does not answer for one. */
const timeoutMs = 5_000;

/** Far more than ten thousand sockets or processes take. */
const mostBytes = 32 * 1_024 * 1_024;

/**
 * Runs a command of the system, in the given environment or in this process's. Rejects with DetectionFailed
 * where it cannot be run or says nothing but what went wrong: lsof ends with 1 where it merely finds nothing.
 */
export async function runCommand(
  command: string,
  parameters: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const { stdout } = await execute(command, [...parameters], {
      encoding: 'utf8',
      env,
      timeout: timeoutMs,
      maxBuffer: mostBytes,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    return stdout;
  } catch (error) {
    const failure = error as Failure; // what execFile rejects with
    if (failure.code === 1 && (failure.stdout || !failure.stderr)) return failure.stdout ?? '';
    throw new DetectionFailed(explain(command, failure));
  }
}

interface Failure extends Error {
  /** How the command ended, or why it could not be run or was ended. */
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
}

function explain(command: string, { code, killed, stderr, message }: Failure): string {
  const failed = 'The listeners of this host cannot be found out';
  if (code === 'ENOENT') return `${failed}: there is no ${command}. Install it where the system's programs are.`;
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${failed}: ${command} writes too much. Run it to see what.`;
  if (killed)
    return `${failed}: ${command} took more than ${timeoutMs / 1_000} seconds. Run it to see what it waits for.`;
  const [reason = message] = (stderr ?? '').trim().split('\n');
  return `${failed}: ${command} failed (${reason || message}). Run it to see why.`;
}
