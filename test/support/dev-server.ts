import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A real process that listens. */
export interface DevServer {
  readonly pid: number;
  readonly port: number;
  /** Ends it; resolves when it is gone, and its port with it. */
  stop(): Promise<void>;
}

interface DevServerSettings {
  /** Where it runs. */
  readonly cwd: string;
  /** Default: any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Another directory, from which a shell starts it. Default: nobody but this process does. */
  readonly startedFrom?: string;
}

/** A server as developers write them. */
const script = `
const { createServer } = require('node:http');
const [port, host, cwd] = process.argv.slice(1);
process.chdir(cwd);
const server = createServer((request, response) => response.end('hello'));
server.listen(Number(port), host, () => console.log(process.pid, server.address().port));
`;

/** Starts an `http.createServer` script and waits until it listens. It is ended with the test. */
export async function startDevServer(settings: DevServerSettings): Promise<DevServer> {
  const { cwd, port = 0, host = '127.0.0.1', startedFrom } = settings;
  const args = ['--eval', script, String(port), host, cwd];
  const child = startedFrom
    ? // The shell stays, as the one in which a developer starts a server does, and ends with it.
      spawn('sh', ['-c', '"$@" & wait', 'sh', process.execPath, ...args], { ...quietly, cwd: startedFrom })
    : spawn(process.execPath, args, { ...quietly, cwd });
  return untilListening(child);
}

/** Starts the real Vite in a directory, as `vite --port … --strictPort` does, and waits until it listens. */
export function startVite(cwd: string, port: number): Promise<DevServer> {
  const vite = fileURLToPath(new URL('../../node_modules/vite/dist/node/index.js', import.meta.url));
  const script = `
    const { createServer } = await import(${JSON.stringify(vite)});
    const server = await createServer({ configFile: false, logLevel: 'silent', server: { host: '127.0.0.1', port: ${port}, strictPort: true } });
    await server.listen();
    console.log(process.pid, ${port});`;
  return untilListening(spawn(process.execPath, ['--input-type=module', '--eval', script], { ...quietly, cwd }));
}

const quietly: SpawnOptions = { stdio: ['ignore', 'pipe', 'inherit'], detached: true };

/** Waits for the line that says its port. `detached` makes it the leader of a group, which ends together. */
async function untilListening(child: ChildProcess): Promise<DevServer> {
  const { pid: group, stdout } = child;
  if (group === undefined || !stdout) throw new Error('The server could not be started.');
  const closed = once(child, 'close'); // once nobody of the group holds its output any more
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-group, 'SIGKILL');
    await closed;
  };
  onTestFinished(stop);
  const { value, done } = await createInterface({ input: stdout })[Symbol.asyncIterator]().next();
  if (done) throw new Error('The server ended before it listened.');
  const [pid, port] = String(value).split(' ').map(Number);
  if (!pid || !port) throw new Error(`The server says ${value} instead of its process and port.`);
  return { pid, port, stop };
}
