import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { readStart } from '../observer/proc-files.ts';
import { parseProcStat } from '../observer/proc-stat.ts';
import { parsePs, psParameters } from '../observer/ps.ts';

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
  const children = new Map<number, number[]>();
  for (const [pid, parent] of await readParents()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

/** Every process and the one that started it. Small images of Linux have no ps. */
async function readParents(): Promise<(readonly [pid: number, parent: number])[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await execute('ps', psParameters, { timeout: timeoutMs, maxBuffer: mostBytes });
    return [...parsePs(stdout).values()].map(({ id, parent }) => [id, parent]);
  }
  const names = await readdir('/proc');
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const lineage = parseProcStat(readStart(`/proc/${name}/stat`, statBytes) ?? '');
      return lineage ? [[Number(name), lineage.parent] as const] : [];
    });
}

const mostBytes = 16 * 1_024 * 1_024;
/** Enough for the columns that count. */
const statBytes = 1_024;
