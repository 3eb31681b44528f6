import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { replaceUnprintable } from '../domain/printable.ts';
import { environmentForGit } from './git-environment.ts';

/** One checkout of a repository, as git keeps account of it: it may be gone from disk. */
export interface GitWorktree {
  /** Absolute. */
  readonly path: string;
  /** Null where none is checked out: a detached head. */
  readonly branch: string | null;
  /** The repository itself, without any files checked out. */
  readonly isBare: boolean;
  /** Why it is locked, empty where nobody said; null where it is not. */
  readonly locked: string | null;
  /** Why git would forget it, empty where git does not say; null where it would not. */
  readonly prunable: string | null;
}

/**
 * Parses `git worktree list --porcelain -z`: records of attributes, each ended by a NUL, each record by an empty
 * one (https://git-scm.com/docs/git-worktree#_porcelain_format). A record that is cut off is left out.
 */
export function parseGitWorktrees(text: string): GitWorktree[] {
  const found: GitWorktree[] = [];
  let record = new Map<string, string>();
  for (const attribute of text.split('\0').slice(0, -1)) {
    if (attribute !== '') {
      const [name = ''] = attribute.split(' ', 1);
      record.set(name, attribute.slice(name.length + 1));
      continue;
    }
    const path = record.get('worktree');
    if (path) found.push(toWorktree(path, record));
    record = new Map();
  }
  return found;
}

function toWorktree(path: string, record: ReadonlyMap<string, string>): GitWorktree {
  return {
    path,
    branch: record.get('branch')?.replace(/^refs\/heads\//, '') || null,
    isBare: record.has('bare'),
    locked: record.get('locked') ?? null,
    prunable: record.get('prunable') ?? null,
  };
}

/** Git did not do what it was told. The message says why, then what to do. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
}

const execute = promisify(execFile);

/** Far more than reading a few small files takes. */
const timeoutMs = 10_000;
const mostBytes = 4 * 1_024 * 1_024;

/** The worktrees of the repository that a directory lies in, the main one first. Rejects with GitFailed. */
export async function readGitWorktrees(directory: string): Promise<GitWorktree[]> {
  // What a repository configures to be run is not run.
  const guarded = ['-C', directory, '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  try {
    const { stdout } = await execute('git', [...guarded, 'worktree', 'list', '--porcelain', '-z'], {
      encoding: 'utf8',
      env: environmentForGit(process.env),
      timeout: timeoutMs,
      maxBuffer: mostBytes,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    return parseGitWorktrees(stdout);
  } catch (error) {
    throw new GitFailed(explainGitFailure(directory, error as GitFailure)); // what execFile rejects with
  }
}

/** How running git failed. */
export interface GitFailure {
  /** How git ended, or why it could not be run or was ended. */
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly message: string;
  readonly stderr?: string;
}

/** What git's failure in a directory means, and what to do. Of git's own words it tells the first line at most. */
export function explainGitFailure(directory: string, { code, killed, message, stderr = '' }: GitFailure): string {
  if (code === 'ENOENT')
    return 'There is no git on the PATH: install it on this host, or start wharfinger with a PATH that has it.';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return `git lists more worktrees in ${directory} than can be taken.`;
  if (killed) {
    return `git took more than ${timeoutMs / 1_000} seconds in ${directory}: run \`git worktree list\` there to see what it waits for.`;
  }
  if (/unknown switch/.test(stderr)) return 'git on this host is too old: install version 2.36 or newer.';
  if (/cannot change to/.test(stderr)) {
    return `The directory ${directory} cannot be entered on this host: see that it exists here and that wharfinger may read it.`;
  }
  if (/dubious ownership/.test(stderr)) {
    const [, repository = directory] = /repository at '(.*)'/.exec(stderr) ?? [];
    return `git does not trust ${repository}, since it belongs to another user: run \`git config --global --add safe.directory '${repository}'\` as the user that wharfinger runs as.`;
  }
  if (/not a git repository/.test(stderr)) {
    return `There is no git repository at ${directory}: name the directory of a checkout.`;
  }
  const [reason = ''] = (stderr.trim() || message).split('\n');
  const printable = replaceUnprintable(reason, ' ').slice(0, longestReason);
  return `git failed in ${directory} (${printable}): run \`git worktree list\` there to see why.`;
}

const longestReason = 300;

/** Whether files are checked out in a directory, for a process of its own user's that may wait for it: of some repositories git names another directory than the checkout's. */
export async function isCheckout(directory: string): Promise<boolean> {
  try {
    await stat(join(directory, '.git'));
    return true;
  } catch {
    return false;
  }
}
