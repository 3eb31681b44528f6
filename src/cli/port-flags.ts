import { basename } from 'node:path';

/** A development server that takes its port from flags alone. */
interface Server {
  /** What it serves with; empty for nothing after its name. */
  readonly subcommands: readonly string[];
  readonly flags: (port: number) => readonly string[];
}

const strict: Server['flags'] = (port) => ['--port', String(port), '--strictPort'];
const loose: Server['flags'] = (port) => ['--port', String(port)];

/**
 * Those that read PORT neither from the environment nor from `.env`: https://vite.dev/guide/cli,
 * https://docs.astro.build/en/reference/cli-reference, https://angular.dev/cli/serve,
 * https://reactrouter.com/api/other-api/dev.
 */
const servers: ReadonlyMap<string, Server> = new Map<string, Server>(
  Object.entries({
    vite: { subcommands: ['', 'dev', 'serve', 'preview'], flags: strict },
    'react-router': { subcommands: ['dev'], flags: strict },
    astro: { subcommands: ['dev', 'preview'], flags: loose },
    ng: { subcommands: ['serve'], flags: loose },
  }),
);

/** A command that was given its port by flags. */
export interface FlaggedCommand {
  readonly command: readonly string[];
  readonly server: string;
  readonly flags: readonly string[];
}

/**
 * The command with flags for its port, where it is known to take it in no other way: the server itself, or an npm script
 * that ends with it. Null for every other command, and where a port is among its flags.
 *
 * @param scripts those of the package.json that a package manager would take
 */
export function withPortFlags(
  command: readonly string[],
  port: number,
  scripts: ReadonlyMap<string, string>,
): FlaggedCommand | null {
  const called = scriptCalledBy(command);
  const script = called && scripts.get(called.name);
  const words = script ? [...lastCommandOf(script), ...called.parameters] : withoutLauncher(command);
  const server = serverOf(words);
  if (!server) return null;
  const flags = server.flags(port);
  const isNpm = script && programOf(command) === 'npm' && !command.includes('--');
  return { command: [...command, ...(isNpm ? ['--'] : []), ...flags], server: server.name, flags };
}

const programOf = ([program = '']: readonly string[]) => basename(program).replace(/\.(cmd|exe|js)$/, '');

/** The name of the script that a package manager is to run, and what it is given; null for other commands, and for flags of the manager. */
function scriptCalledBy(
  command: readonly string[],
): { readonly name: string; readonly parameters: readonly string[] } | null {
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(programOf(command))) return null;
  const [first = '', ...others] = command.slice(1);
  const [name = '', ...parameters] = first === 'run' || first === 'run-script' ? others : [first, ...others];
  return name && !name.startsWith('-') ? { name, parameters } : null;
}

/** A package manager appends to the end of a script. */
function lastCommandOf(script: string): string[] {
  const words = (script.split(/&&|\|\||[;|&]/).at(-1) ?? '').trim().split(/\s+/);
  const begin = words.findIndex((word) => !/^\w+=/.test(word) && word !== 'cross-env');
  return withoutLauncher(words.slice(Math.max(begin, 0)));
}

/** `npx vite` is `vite`. */
const withoutLauncher = (words: readonly string[]) =>
  ['npx', 'bunx'].includes(programOf(words)) ? words.slice(1) : [...words];

function serverOf(words: readonly string[]): (Server & { readonly name: string }) | null {
  const [, ...parameters] = words;
  const name = programOf(words);
  const server = servers.get(name);
  const subcommand = parameters[0]?.replace(/^-.*/, '') ?? '';
  if (!server?.subcommands.includes(subcommand)) return null;
  return parameters.some((word) => /^(--port\b|-p$)/.test(word)) ? null : { name, ...server };
}
