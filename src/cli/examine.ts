import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Conflict, PortRange, RegistryClient } from '../client/client.ts';
import { RegistryUnauthorized, RegistryUnreachable, withoutSecrets } from '../client/errors.ts';
import { GitFailed } from '../observer/git-worktrees.ts';
import { findPlace } from './place.ts';
import { send } from './send.ts';
import type { PlaceFlags } from './session.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `warning`: works, but somebody should look at it. */
  readonly status: 'ok' | 'warning' | 'failed';
  readonly finding: string;
  /** What to do; null where nothing is to be done. */
  readonly remedy: string | null;
}

const ok = (name: string, finding: string): Check => ({ name, status: 'ok', finding, remedy: null });
const warning = (name: string, finding: string, remedy: string): Check => ({
  name,
  status: 'warning',
  finding,
  remedy,
});
const failed = (name: string, finding: string, remedy: string): Check => ({ name, status: 'failed', finding, remedy });

/** Looks at everything that commands depend on. Rejects for nothing that it finds. */
export async function examine(client: RegistryClient, flags: PlaceFlags): Promise<Check[]> {
  const [server, git] = await Promise.all([checkServer(client.url), checkGit()]);
  const isUp = server.every(({ name, status }) => !['server', 'database'].includes(name) || status === 'ok');
  return [...server, ...(isUp ? await checkRegistry(client, flags.host) : []), git];
}

const timeoutMs = 5_000;

/** What the server says of itself at /ready, beside the graph. */
async function checkServer(url: string): Promise<Check[]> {
  const readyUrl = new URL('ready', url);
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await send(readyUrl, { method: 'GET', headers: new Headers(), signal });
    const { status, database, ...parts } = Object(JSON.parse(await response.text())) as Record<string, unknown>;
    if (typeof status !== 'string' || typeof database !== 'string') throw new SyntaxError('another answer');
    return [
      ok('server', `answers at ${withoutSecrets(url)}`),
      database === 'ok'
        ? ok('database', 'answers')
        : failed(
            'database',
            database,
            "See the server's log; with PostgreSQL, whether that runs; else restart the server.",
          ),
      ...Object.entries(parts).map(([name, state]) => checkPart(name, String(state))),
    ];
  } catch (error) {
    if (error instanceof SyntaxError) {
      return [failed('server', `what answers at ${readyUrl} is not a registry`, 'Check WHARFINGER_URL, or --url.')];
    }
    const { message } = new RegistryUnreachable(url, codeOf(error), error);
    const [fact = '', ...remedy] = message.split(/(?<=\))\. /);
    return [failed('server', fact, remedy.join(' '))];
  }
}

/** What is well, and what is not; of a part that a newer server tells of, no more than its name is known. */
const partFindings: Readonly<Record<string, readonly [well: string, ill: string]>> = {
  storage: ['what is written is kept', 'changes are refused'],
  detection: ['the listeners of the host are seen', 'the listeners of the host are not seen'],
  scan: ['the host is scanned as often as it should be', 'the host is not scanned'],
  paths: ['the directories of the host that were asked about answer', 'directories of the host do not answer'],
};

function checkPart(name: string, state: string): Check {
  const [well, ill] = partFindings[name] ?? ['all is well', 'something is wrong'];
  return state === 'ok' ? ok(name, well) : failed(name, ill, state);
}

function codeOf(error: unknown): string {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError') return 'TIMEOUT';
  return typeof code === 'string' ? code : 'FETCH_FAILED';
}

async function checkRegistry(client: RegistryClient, host: string | undefined): Promise<Check[]> {
  try {
    const [ranges, seen] = await Promise.all([client.portRanges({ host }), client.host({ name: host })]);
    // A host that nothing was registered on has none.
    const conflicts = seen ? await client.conflicts({ host: seen.name, first: mostConflicts }) : [];
    return [...ranges.map((range) => checkRange(range, conflicts)), checkConflicts(conflicts.length)];
  } catch (error) {
    const fact = error instanceof Error ? error.message : String(error);
    if (error instanceof RegistryUnauthorized) {
      return [
        failed(
          'token',
          `${withoutSecrets(client.url)} does not let you in`,
          "Set WHARFINGER_TOKEN to the server's, or give --token.",
        ),
      ];
    }
    return [failed('graph', fact, "See the server's log.")];
  }
}

const mostConflicts = 1_000;

/** Whether a range is nearly exhausted is the server's to say: PORT_UTILIZATION_ALERT is its. */
function checkRange(
  { environment, start, end, used, size, available, utilization }: PortRange,
  conflicts: readonly Conflict[],
): Check {
  const isAlerted = conflicts.some(
    (conflict) => conflict.kind === 'RANGE_NEARLY_EXHAUSTED' && conflict.environment === environment,
  );
  const fill = `${environment.toLowerCase()} ${start}-${end}: ${used} of ${size} held (${Math.round(utilization * 1_000) / 10} %)`;
  const remedy = '`wharfinger cleanup --dry-run` says what is no longer used; docs/configuration.md how to widen it.';
  if (available === 0) return failed('range', fill, remedy);
  return isAlerted ? warning('range', fill, remedy) : ok('range', fill);
}

function checkConflicts(count: number): Check {
  if (count === 0) return ok('conflicts', 'none is open');
  return warning(
    'conflicts',
    `${count === mostConflicts ? `at least ${mostConflicts}` : count} open`,
    '`wharfinger conflicts` says which, and what can be done.',
  );
}

const execute = promisify(execFile);

async function checkGit(): Promise<Check> {
  try {
    const { stdout } = await execute('git', ['--version'], { timeout: timeoutMs, windowsHide: true });
    const { isGit, worktreePath, branch } = await findPlace(process.cwd());
    const where = isGit
      ? `in the worktree ${worktreePath}${branch ? ` (${branch})` : ''}`
      : `${worktreePath} is in no repository`;
    return ok('git', `${stdout.trim()}; ${where}`);
  } catch (error) {
    if (error instanceof GitFailed) return failed('git', 'does not say which worktree this is', error.message);
    const { code } = Object(error) as { code?: unknown };
    if (code !== 'ENOENT') return warning('git', 'git does not answer', 'Run `git --version` to see why.');
    return warning(
      'git',
      'there is none',
      'Install git: without it, commands are refused in a worktree, and elsewhere each directory counts as one.',
    );
  }
}
