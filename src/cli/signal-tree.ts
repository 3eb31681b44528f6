import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const timeoutMs = 2_000;

/**
 * Sends a signal to a process and to all that it started, as a terminal's Ctrl-C does: `npm run` passes a signal on to the
 * shell that it starts, which ends without passing it on. Where processes cannot be listed, to the process alone.
 */
export async function signalTree(root: number, signal: NodeJS.Signals): Promise<void> {
  const pids = await descendantsOf(root).catch(() => []);
  for (const pid of [root, ...pids]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended since, or runs as somebody else.
    }
  }
}

async function descendantsOf(root: number): Promise<number[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid='], { timeout: timeoutMs });
  const children = new Map<number, number[]>();
  for (const line of stdout.trim().split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}
