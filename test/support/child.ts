import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A process that runs a script of test/support. */
export interface Child {
  readonly pid: number;
  /** Its next line of output; throws where it ends instead. */
  line(): Promise<string>;
  /** Sends a signal; for SIGKILL, resolves when the process is gone. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>;
}

/** Starts a script of this directory, which is killed when the test ends if it still runs, stopped or not. */
export function startChild(script: string, ...values: string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...values], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} could not be started.`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const signal = async (name: NodeJS.Signals) => {
    const ended = name === 'SIGKILL' && isRunning(child) ? once(child, 'exit') : undefined;
    child.kill(name);
    await ended;
  };
  onTestFinished(() => signal('SIGKILL')); // which a stopped process obeys as well
  return {
    pid,
    signal,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended without another line.`);
      return value;
    },
  };
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;
