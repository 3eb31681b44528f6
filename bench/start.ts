import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { serverEnvironment } from './engines.ts';
import { freePort } from './postgresql.ts';
import { type Row, row } from './row.ts';
import { median } from './statistics.ts';

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const pollMs = 5;
const startTimeoutMs = 60_000;
const mostMegabytes = 220;

/** How long `wharfinger serve` takes to be ready, and what it holds of memory when nobody asks it anything. */
export async function measureStart({ engine, sizes }: Bench): Promise<Row[]> {
  const { existing, fresh, idleMs } = sizes.start;
  const isEmbedded = engine.name === 'embedded';
  const what = isEmbedded ? 'directory' : 'database';
  const first: Start[] = [];
  let place: Record<string, string> = {};
  for (let index = 0; index < fresh; index++) {
    place = await engine.createPlace();
    first.push(await startOnce(place, idleMs)); // one server at a time
  }
  const later: Start[] = [];
  for (let index = 0; index < existing; index++) later.push(await startOnce(place, idleMs)); // one server at a time

  const rows = (state: string, starts: readonly Start[], mostSeconds: number) => [
    row({
      name: `ready, ${state} ${what}`,
      engine: engine.name,
      unit: 's',
      value: median(starts.map(({ seconds }) => seconds)),
      baseline: null,
      ratio: null,
      bar: isEmbedded ? { of: 'value', most: mostSeconds } : null,
    }),
    row({
      name: `idle memory, ${state} ${what}`,
      engine: engine.name,
      unit: 'MB',
      value: median(starts.map(({ megabytes }) => megabytes)),
      baseline: null,
      ratio: null,
      bar: isEmbedded ? { of: 'value', most: mostMegabytes } : null,
    }),
  ];
  return [...rows('existing', later, 1.5), ...rows('new', first, 5)];
}

interface Start {
  /** From starting the process until GET /ready answers 200. */
  readonly seconds: number;
  readonly megabytes: number;
}

async function startOnce(place: Record<string, string>, idleMs: number): Promise<Start> {
  const port = await freePort();
  const started = performance.now();
  const server = spawn(process.execPath, [command, 'serve', '--port', String(port)], {
    env: serverEnvironment(place),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  try {
    while (!(await isReady(port))) {
      if (server.exitCode !== null) throw new Error(`The server ended with code ${server.exitCode}.`);
      if (performance.now() - started > startTimeoutMs) throw new Error('The server does not become ready.');
      await delay(pollMs); // it cannot be awaited from outside
    }
    const seconds = (performance.now() - started) / 1_000;
    await delay(idleMs);
    return { seconds, megabytes: await residentMegabytes(server.pid ?? 0) };
  } finally {
    server.kill();
    await ended;
  }
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
