import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Postgresql } from './postgresql.ts';
import { forkModule, type Remote } from './remote.ts';
import type { BenchServer, Fill } from './server.ts';

export type EngineName = 'embedded' | 'postgresql';

/** Gives a server a database of its own. */
export interface Engine {
  readonly name: EngineName;
  /** The variables that make a server use a new, empty database. */
  createPlace(): Promise<Record<string, string>>;
}

/** Both engines, with what the bench creates for them under one directory. */
export function engines(home: string, postgresql: Postgresql): readonly Engine[] {
  return [
    {
      name: 'embedded',
      createPlace: async () => ({ WHARFINGER_DATA_DIR: join(await mkdtemp(join(home, 'embedded-')), 'data') }),
    },
    { name: 'postgresql', createPlace: async () => ({ WHARFINGER_DATABASE_URL: await postgresql.createDatabase() }) },
  ];
}

/** A directory for a bench's databases, and how to remove it. */
export async function temporaryHome() {
  const directory = await mkdtemp(join(tmpdir(), 'wharfinger-bench-'));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** The largest range lies so that the free ports of a full one are outside what Linux gives to outgoing connections. */
export const largeRange = { start: 14_000, size: 50_000 } as const;
export const smallRange = { start: 13_000, size: 1_000 } as const;

/** What makes a server use them, and give out a released port again at once. */
export const ranges = {
  DEV_PORT_START: String(largeRange.start),
  DEV_PORT_END: String(largeRange.start + largeRange.size - 1),
  TEST_PORT_START: String(smallRange.start),
  TEST_PORT_END: String(smallRange.start + smallRange.size - 1),
  PROD_PORT_START: '2000',
  PROD_PORT_END: '12999',
  PORT_QUARANTINE_SECONDS: '0',
};

/** Without whatever configures the caller's own Wharfinger. */
export function serverEnvironment(place: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, NODE_OPTIONS } = process.env;
  const system = { PATH, HOME, TMPDIR, NODE_OPTIONS };
  return { ...system, WHARFINGER_PORT: '0', WHARFINGER_HOSTNAME: 'bench', ...place };
}

export interface ServerUnderTest {
  readonly remote: Remote<BenchServer>;
  readonly url: string;
  readonly broadcastUrl: string;
}

/** Starts the built server with a no-op mutation, on a new database in which some ports are held. */
export async function startServer(
  engine: Engine,
  { fills = [], nodeFlags = [] }: { fills?: readonly Fill[]; nodeFlags?: readonly string[] } = {},
): Promise<ServerUnderTest> {
  const env = { ...serverEnvironment(await engine.createPlace()), ...ranges };
  const remote = await forkModule<BenchServer>('./server.ts', { env, argument: JSON.stringify(fills), nodeFlags });
  return { remote, ...(await remote.call('addresses', undefined)) };
}
