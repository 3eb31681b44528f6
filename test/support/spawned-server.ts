import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { type GraphClient, graphClient } from './graph-client.ts';

interface SpawnSettings {
  readonly dataDirectory?: string;
  readonly databaseUrl?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** The host that it observes. Default: quay. */
  readonly hostName?: string;
  /** Added to an environment without any of our variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnedCommand {
  readonly pid: number;
  /** Resolves when the process has ended, however it did. */
  readonly exited: Promise<Exit>;
  /** The first line that matches of what it logged, or will; fails with its last words where it ends without one. */
  logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves once its standard output matches; fails with its last words where it ends before that. */
  printed(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

type LogLine = Readonly<Record<string, unknown>>;

/** A `wharfinger serve` that answers. */
export interface SpawnedServer extends SpawnedCommand, GraphClient {
  readonly port: number;
}

const root = resolve(import.meta.dirname, '../..');

/** Starts `wharfinger serve` and waits until it serves; fails with its last words where it ends instead. */
export async function spawnServer(settings: SpawnSettings): Promise<SpawnedServer> {
  const { dataDirectory, databaseUrl, port = 0, hostName = 'quay', env = {} } = settings;
  const flags = [
    ...['--port', String(port), '--hostname', hostName],
    ...(dataDirectory === undefined ? [] : ['--data-dir', dataDirectory]),
    ...(databaseUrl === undefined ? [] : ['--database-url', databaseUrl]),
  ];
  const command = spawnCommand(['serve', ...flags], env);
  const { url } = await command.logged((line) => typeof line.url === 'string');
  return { ...command, ...graphClient(String(url), env.WHARFINGER_TOKEN), port: Number(new URL(String(url)).port) };
}

/** Runs the `wharfinger` command, in the checkout unless told otherwise. It is killed when the test ends, if it still runs then. */
export function spawnCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd: string = root,
): SpawnedCommand {
  const child = spawn(process.execPath, [...program(), ...args], {
    cwd,
    env: { ...foreignEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The command could not be started.');
  const exited = waitForExit(child);
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  });
  return {
    pid,
    exited,
    logged: watchLog(child.stdout, exited),
    printed: watchOutput(child.stdout, exited),
    kill: (signal) => child.kill(signal),
  };
}

function watchLog(stdout: Readable, exited: Promise<Exit>): SpawnedCommand['logged'] {
  const lines: LogLine[] = [];
  const written = new EventEmitter<{ line: [LogLine] }>();
  const take = (text: string) => {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as LogLine; // pino writes objects
    lines.push(line);
    written.emit('line', line);
  };
  let unfinished = '';
  // node:readline would also split at U+2028 and U+2029, which JSON may have inside of strings, from Node 24 on.
  stdout.on('data', (text: string) => {
    const complete = `${unfinished}${text}`.split('\n');
    unfinished = complete.pop() ?? '';
    complete.forEach(take);
  });
  return (matches) =>
    new Promise((resolve, reject) => {
      const settle = (line: LogLine) => {
        if (!matches(line)) return;
        written.off('line', settle);
        resolve(line);
      };
      written.on('line', settle);
      for (const line of [...lines]) settle(line);
      // Of no consequence where the line came.
      exited.then(({ code, stderr }) => reject(new Error(`It ended with ${code} without logging that: ${stderr}`)));
    });
}

function watchOutput(stdout: Readable, exited: Promise<Exit>): SpawnedCommand['printed'] {
  let text = '';
  const written = new EventEmitter<{ more: [] }>();
  stdout.on('data', (more: string) => {
    text += more;
    written.emit('more');
  });
  return (pattern) =>
    new Promise((resolve, reject) => {
      const settle = () => {
        if (!pattern.test(text)) return;
        written.off('more', settle);
        resolve();
      };
      written.on('more', settle);
      settle();
      exited.then(({ code, stderr }) => reject(new Error(`It ended with ${code} without printing that: ${stderr}`)));
    });
}

async function waitForExit(child: ChildProcess): Promise<Exit> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...texts };
}

/** This process's environment without what configures Wharfinger. */
function foreignEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(WHARFINGER_|RESERVED_PORTS$|(DEV|TEST|PROD)_PORT_|PORT_|ENABLE_PORT_MANAGEMENT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/** What Node runs: the built program where it is up to date, since it starts three times as fast; otherwise the source. */
export function program(): string[] {
  const built = join(root, 'dist/cli/main.js');
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const isCurrent = sources.every((file) => statSync(join(root, 'src', file)).mtimeMs < builtAt);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href; // whatever the directory
  return isCurrent ? [built] : ['--import', tsx, join(root, 'src/cli/main.ts')];
}
