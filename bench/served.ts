import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serverEnvironment } from './engines.ts';
import { freePort } from './postgresql.ts';

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const pollMs = 5;
const startTimeoutMs = 60_000;

/** A `wharfinger serve` that is ready. */
export interface Served {
  readonly url: string;
  /** From starting the process until GET /ready answered 200. */
  readonly seconds: number;
  /** The resident set now. */
  megabytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `wharfinger serve` with these variables. */
export async function serve(variables: Record<string, string>): Promise<Served> {
  const port = await freePort();
  const started = performance.now();
  const server = spawn(process.execPath, [command, 'serve', '--port', String(port)], {
    env: serverEnvironment(variables),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill();
    await ended;
  };
  try {
    while (!(await isReady(port))) {
      if (server.exitCode !== null) throw new Error(`The server ended with code ${server.exitCode}.`);
      if (performance.now() - started > startTimeoutMs) throw new Error('The server does not become ready.');
      await delay(pollMs); // it cannot be awaited from outside
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    seconds: (performance.now() - started) / 1_000,
    megabytes: () => residentMegabytes(server.pid ?? 0),
    stop,
  };
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/ready', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}

/** The resident set of a process: from /proc, or from ps where there is none. */
async function residentMegabytes(pid: number): Promise<number> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
  }
  const ps = spawn('ps', ['-o', 'rss=', '-p', String(pid)]);
  let text = '';
  ps.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(ps, 'close');
  return Number(text) / 1_024;
}
