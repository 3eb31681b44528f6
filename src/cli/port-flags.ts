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
 * that ends with it, be it through other scripts. Null for every other command, where a port is among its flags, and where
 * a package manager has flags of its own, which may lead to another package's scripts.
 *
 * @param scripts those of the package.json that a package manager would take
 */
export function withPortFlags(
  command: readonly string[],
  port: number,
  scripts: ReadonlyMap<string, string>,
): FlaggedCommand | null {
  const started = startedBy(command, scripts, mostScripts);
  if (!started) return null;
  const flags = started.server.flags(port);
  return { command: [...command, ...started.dashes, ...flags], server: started.server.name, flags };
}

/** Deeper than scripts call each other, and an end where they call themselves. */
const mostScripts = 8;

/** What a command starts in the end. */
interface Started {
  readonly server: Server & { readonly name: string };
  /** What has to stand before flags that are to reach it: each npm takes those before two dashes for its own. */
  readonly dashes: readonly string[];
}

function startedBy(given: readonly string[], scripts: ReadonlyMap<string, string>, depth: number): Started | null {
  const words = withoutLauncher(given);
  const manager = programOf(words);
  if (depth === 0) return null;
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(manager)) {
    const server = serverOf(words);
    return server && { server, dashes: [] };
  }
  const call = manager === 'npm' ? npmCall(words.slice(1)) : words.slice(1);
  if (!call) return null;
  const started = startedBy(calledBy(call, scripts), scripts, depth - 1);
  const isNpmsTurn = manager === 'npm' && !words.includes('--');
  return started && { ...started, dashes: isNpmsTurn ? ['--', ...started.dashes] : started.dashes };
}

/** What npm is given, without its dashes; null where there are flags of its own. */
function npmCall(words: readonly string[]): string[] | null {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  if (own.some((word) => word.startsWith('-'))) return null;
  return words.filter((_, index) => index !== dashes);
}

/** The command line that a package manager runs: of a script, with what follows its name, or of a program. */
function calledBy([first = '', ...others]: readonly string[], scripts: ReadonlyMap<string, string>): string[] {
  if (['exec', 'x', 'dlx'].includes(first)) return others;
  const [name = '', ...parameters] = ['run', 'run-script'].includes(first) ? others : [first, ...others];
  const script = scripts.get(name);
  return script === undefined ? [] : [...lastCommandOf(script), ...parameters];
}

const programOf = ([program = '']: readonly string[]) => basename(program).replace(/\.(cmd|exe|js)$/, '');

/** A package manager appends to the end of a script. */
const lastCommandOf = (script: string) => (script.split(/&&|\|\||[;|&]/).at(-1) ?? '').trim().split(/\s+/);

const launchers = ['npx', 'bunx', 'env', 'cross-env'];

/** `npx vite` and `env A=1 vite` are `vite`. */
function withoutLauncher(words: readonly string[]): readonly string[] {
  const begin = words.findIndex((word) => !/^\w+=/.test(word) && !launchers.includes(programOf([word])));
  return begin < 0 ? [] : words.slice(begin);
}

function serverOf(words: readonly string[]): (Server & { readonly name: string }) | null {
  const [, ...parameters] = words;
  const name = programOf(words);
  const server = servers.get(name);
  const subcommand = parameters[0]?.replace(/^-.*/, '') ?? '';
  if (!server?.subcommands.includes(subcommand)) return null;
  return parameters.some((word) => /^(--port\b|-p$)/.test(word)) ? null : { name, ...server };
}
