import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './postgresql-server.ts';

export type PoolMode = 'session' | 'transaction' | 'statement';

/** A PgBouncer of one's own on loopback, which lets everybody in, to every database of a server. */
export interface Pgbouncer {
  /** Of the database that the server's URL names. */
  readonly url: string;
  dispose(): Promise<void>;
}

// Debian puts it where only root looks.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** Whether this machine has one. Where it has none, tests that need it are skipped, and this says so. */
export const hasPgbouncer = spawnSync('pgbouncer', ['--version'], { env }).status === 0;
if (!hasPgbouncer) console.warn('Skipped: there is no pgbouncer on this machine (apt-get install pgbouncer).');

/** Starts one before the server of a superuser's URL. */
export async function startPgbouncer(server: string, poolMode: PoolMode): Promise<Pgbouncer> {
  const directory = await mkdtemp(join(tmpdir(), 'wharfinger-pgbouncer-'));
  const { hostname, port: serverPort, username, password, pathname } = new URL(server);
  const port = await freePort();
  const settings = join(directory, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]
* = host=${hostname} port=${serverPort || 5432} user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${poolMode}
default_pool_size = 30
max_client_conn = 1000
`,
  );
  await chmod(directory, 0o755);
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn('pgbouncer', [settings], { env, ...nobody, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await untilUp(child);
  } catch (error) {
    await end(child, directory);
    throw error;
  }
  return { url: `postgresql://anybody@127.0.0.1:${port}${pathname}`, dispose: () => end(child, directory) };
}

async function untilUp(child: ChildProcess): Promise<void> {
  if (!child.stderr) throw new Error('its log is needed');
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    seen.push(line);
    if (!line.includes('process up')) continue;
    child.stderr.resume();
    return;
  }
  throw new Error(`pgbouncer did not start:\n${seen.join('\n')}`);
}

async function end(child: ChildProcess, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
  await rm(directory, { recursive: true, force: true });
}
