import type { Command } from 'commander';
import { isPortManagementEnabled } from '../commands/is-enabled.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageMistake } from './fail.ts';
import {
  addRegistryFlags,
  examplesHelp,
  openOutput,
  type Session,
  switchedOff,
  withRegistry,
} from './registry-command.ts';
import { serviceNames } from './service-names.ts';
import type { PlaceFlags } from './session.ts';

const help = `
Each service gets a port of the current worktree, the same one each time; without
a service, the command gets those that the worktree holds, or one of its own. It
finds PORT (the first service's), and <SERVICE>_PORT and <SERVICE>_URL of each of
the worktree's services. Vite, Astro, Angular and React Router do not read PORT:
they, and npm scripts that start them, get --port. SIGTERM and SIGHUP are passed
on, and SIGINT where no terminal sends Ctrl-C to all of them anyhow.

The exit code is the command's, or 128 and the number of the signal that ended
it; 126 or 127 where it cannot be run; 1 to 3 where there are no ports for it.
${examplesHelp(['run -- npm run dev', 'run web api -- npm run dev', "run web -- sh -c 'vite --port $PORT --strictPort'"])}`;

export function addRun(program: Command): void {
  const run = program
    .command('run')
    .usage('[services...] [options] -- <command...>')
    .description('Run a command with its ports in its environment.')
    .argument('[services...]', 'what the services are called')
    .addHelpText('after', help)
    .action(async (words: readonly string[], flags: PlaceFlags, command: Command) => {
      const { services, program } = splitAtDashes(words, command);
      await runWithPorts(services, program, flags);
    });
  addRegistryFlags(run, { place: true, json: false }); // the output is the command's
}

/** Commander drops the dashes; what came after them are the last words. */
function splitAtDashes(words: readonly string[], { parent }: Command) {
  const given: readonly string[] = parent && 'rawArgs' in parent ? (parent.rawArgs as string[]) : []; // documented
  const dashes = given.indexOf('--');
  const program = dashes < 0 ? [] : given.slice(dashes + 1);
  if (!program[0]) {
    throw new UsageMistake('Say what to run after two dashes: wharfinger run [services...] -- <command...>');
  }
  return { services: serviceNames(words.slice(0, words.length - program.length)), program };
}

async function runWithPorts(services: readonly string[], program: readonly string[], flags: PlaceFlags): Promise<void> {
  const { CommandFailed, runCommand } = await import('./run-command.ts');
  let prepared: Prepared = { command: program, variables: {} };
  if (isPortManagementEnabled(process.env)) {
    await withRegistry(flags, async (session) => {
      prepared = await prepare(services, program, { ...session, flags });
    });
  } else {
    openOutput().note(`${switchedOff} The command runs as it is.`);
  }
  try {
    process.exitCode = await runCommand(prepared.command, { ...process.env, ...prepared.variables });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    openOutput().note(`wharfinger: ${error.message}`);
    process.exitCode = error.exitCode || exitCodes.refused;
  }
}

/** A command that finds its ports. */
interface Prepared {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

async function prepare(
  services: readonly string[],
  program: readonly string[],
  { client, output, flags }: Session & { readonly flags: PlaceFlags },
): Promise<Prepared> {
  const { makeSureOfPorts } = await import('./run-command.ts');
  const { readPlace } = await import('./session.ts');
  const { allocations, variables } = await makeSureOfPorts(services, await readPlace(flags, client), client);
  const { sayListener } = await import('../commands/own-port.ts');
  const checks = await Promise.all(
    allocations.map(({ port, host }) => client.checkPort({ port, host: host.name })), // what is so now, not at the last scan
  );
  for (const { port, allocation, listener } of checks) {
    if (!allocation || !listener) continue;
    output.note(`wharfinger: ${allocation.serviceName}: ${sayListener({ port, allocation, listener })}`);
  }
  const { withPortFlags } = await import('./port-flags.ts');
  const { readScripts } = await import('./read-scripts.ts');
  const flagged = withPortFlags(program, Number(variables.PORT), await readScripts(process.cwd()));
  if (!flagged) return { command: program, variables };
  output.note(`wharfinger: ${flagged.server} does not read PORT, and is given ${flagged.flags.join(' ')}.`);
  return { command: flagged.command, variables };
}
