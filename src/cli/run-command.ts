import { constants } from 'node:os';
import { isatty } from 'node:tty';
import spawn from 'cross-spawn';
import type { PortAllocation, RegistryClient } from '../client/client.ts';
import { claimPorts, configurationOf } from './claim-ports.ts';
import type { Place } from './session.ts';
import { signalTree } from './signal-tree.ts';

/** What a command is run with: its ports are held. */
export interface Moorings {
  readonly allocations: readonly PortAllocation[];
  /** PORT, <SERVICE>_PORT, <SERVICE>_URL and, for several, CORS_ORIGINS. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Makes sure that the services have their ports: see `claimPorts`. */
export async function makeSureOfPorts(
  services: readonly string[],
  place: Place,
  client: RegistryClient,
): Promise<Moorings> {
  const berths = await claimPorts(services, place, client);
  const { content } = await configurationOf(berths, 'JSON', client);
  const { env } = JSON.parse(content) as { env: Record<string, string> }; // docs/templates.md: the variables of DOTENV
  return { allocations: berths.allocations, variables: env };
}

/** Programs of shells use these two for a command that cannot be run. */
const notExecutable = 126;
const notFound = 127;

const standardStreams = [0, 1, 2];

const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a command as a shell would, and answers its exit code, or 128 and the signal's number. Throws where there is none. */
export async function runCommand(
  [program = '', ...parameters]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  // On Windows, npm is npm.cmd, which Node's own spawn does not find or refuses.
  const child = spawn(program, parameters, { stdio: 'inherit', env: environment });
  const pass = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the command as well, which should not get it twice. Who sent it is not told.
    if (signal === 'SIGINT' && standardStreams.some(isatty)) return;
    if (child.pid !== undefined) void signalTree(child.pid, signal);
  };
  for (const signal of passed) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(new CommandFailed(program, error)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const signal of passed) process.off(signal, pass);
  }
}

/** The command that was to be run could not be. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  /** As a shell ends then. */
  readonly exitCode: number;

  constructor(program: string, error: NodeJS.ErrnoException) {
    const isMissing = error.code === 'ENOENT';
    super(
      isMissing
        ? `There is no program ${program}: check its name and the PATH.`
        : `${program} cannot be run: ${error.message}.`,
    );
    this.exitCode = isMissing ? notFound : notExecutable;
  }
}
