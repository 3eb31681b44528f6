import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { environmentForGit } from '../observer/git-environment.ts';
import { explainGitFailure, GitFailed, type GitFailure, isCheckout } from '../observer/git-worktrees.ts';

const execute = promisify(execFile);
/** For questions. What git is told to do may take as long as it takes. */
const questionTimeoutMs = 10_000;

/** What git says in a directory, without the last line's end; null where it says nothing, refuses, or is not there. */
export const askGit = (directory: string, ...parameters: string[]): Promise<string | null> =>
  ask(directory, parameters).catch(() => null);

/**
 * The same about the repository around a directory; null where there is none, or no checkout of it there. Throws a GitFailed,
 * with the remedy, where git cannot say: a worktree would be taken for a directory outside git.
 */
export async function askRepository(directory: string, ...parameters: string[]): Promise<string | null> {
  try {
    return await ask(directory, parameters);
  } catch (error) {
    const failure = error as GitFailure; // what execFile rejects with
    if (/not a git repository|must be run in a work tree/.test(failure.stderr ?? '')) return null;
    if (failure.code === 'ENOENT' && !(await isInCheckout(directory))) return null;
    throw new GitFailed(explainGitFailure(directory, failure), { cause: error });
  }
}

async function ask(directory: string, parameters: readonly string[]): Promise<string | null> {
  const { stdout } = await execute('git', [...parameters], { ...optionsIn(directory), timeout: questionTimeoutMs });
  return stdout.replace(/\n$/, '') || null;
}

/** Without git: whether a repository is checked out in a directory or above it. */
async function isInCheckout(directory: string): Promise<boolean> {
  if (await isCheckout(directory)) return true;
  const parent = dirname(directory);
  return parent !== directory && isInCheckout(parent);
}

/** Has git do something in a directory, and answers what it says. Throws a GitFailed with what git complains of. */
export async function runGit(directory: string, ...parameters: string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', parameters, { ...optionsIn(directory), maxBuffer: mostBytes });
    return stdout.trimEnd();
  } catch (error) {
    throw new GitFailed(complaintOf(Object(error) as Failure), { cause: error });
  }
}

const mostBytes = 64 * 1_024 * 1_024;

/** What execFile rejects with. */
interface Failure {
  readonly code?: unknown;
  readonly message?: string;
  readonly stderr?: string;
}

function complaintOf({ code, message, stderr }: Failure): string {
  if (code === 'ENOENT') return 'There is no git on the PATH: install it.';
  const lines = (stderr?.trim() || message || '').split('\n').filter((line) => !/^(hint:|Preparing )/.test(line));
  const complaint = lines.join(' ').replace(/^(fatal|error): /, '');
  const remedy = remedies.find(([pattern]) => pattern.test(complaint))?.[1];
  return `git refused: ${complaint}${remedy ? `: ${remedy}` : ''}`;
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [/'.*' already exists$/, 'name another place with --path'],
  [/already (checked out|used by worktree) at/, 'work in that worktree, or name another branch'],
  [/missing but already registered/, 'run `git worktree prune` first'],
  [/(not a valid object name|invalid reference): '?HEAD/, 'make a first commit'],
  [/containing submodules cannot/, 'use --force, which loses what is not committed'],
];

/** Whether git itself refused; a hook that it ran ends otherwise. */
export const isRefusalOfGit = (error: unknown): boolean =>
  error instanceof GitFailed && (Object(error.cause) as Failure).code === 128;

/** Our own post-checkout hook stays away: what runs git here sees to the ports itself. */
const optionsIn = (directory: string) => ({
  cwd: directory,
  windowsHide: true,
  env: { ...environmentForGit(process.env), WHARFINGER_HOOKS: 'off' },
});
