import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A process that listens. */
export interface Listeners {
  readonly pid: number;
  /** One for each address that was asked for, in that order. */
  readonly ports: readonly number[];
  /** Ends it; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Where and how a process that listens is started. */
export interface ListenersOptions {
  readonly directory: string;
  /** A port of its own for each; `::` is for IPv6 alone. */
  readonly addresses: readonly string[];
  /** Started by a shell in this directory, which waits for it. */
  readonly shellDirectory?: string;
  /** Comes last in the command line. */
  readonly argument?: string;
  /** Leaves the session of this process, as a service does. */
  readonly detached?: boolean;
}

const script = `
const net = require('node:net');
const listen = (host) => new Promise((resolve) => {
  const server = net.createServer().listen({ host, port: 0, ipv6Only: host === '::' }, () => resolve(server.address().port));
});
Promise.all(JSON.parse(process.argv[1]).map(listen)).then((ports) => console.log(JSON.stringify([process.pid, ports])));
`;

/** Starts a process that listens on ports that the system chooses. It ends with the test. */
export async function startListeners(options: ListenersOptions): Promise<Listeners> {
  const { directory, addresses, shellDirectory, argument = 'listeners', detached = false } = options;
  const node = [process.execPath, '-e', script, JSON.stringify(addresses), argument];
  // Not the last command, which a shell would become.
  const shell = ['/bin/sh', '-c', 'cd "$1"; shift; "$@"; exit 0', 'sh', directory, ...node];
  const [command = '', ...parameters] = shellDirectory === undefined ? node : shell;
  const cwd = shellDirectory ?? directory;
  const child = spawn(command, parameters, {
    cwd,
    detached,
    stdio: ['ignore', 'pipe', shellDirectory === undefined ? 'inherit' : 'ignore'],
  });
  let pid = child.pid ?? 0;
  onTestFinished(() => end(child, pid));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [ownId, ports] = JSON.parse(String(line)) as [number, number[]]; // as the script writes it
  pid = ownId;
  return { pid, ports, kill: () => end(child, pid) };
}

/** The shell ends once what it started has ended. */
async function end(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (pid > 0) process.kill(pid, 'SIGKILL');
  else child.kill('SIGKILL');
  await ended;
}
