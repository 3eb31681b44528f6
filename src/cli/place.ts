import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { askGit, askRepository } from './git.ts';

/** A directory, and the git worktree around it. */
export interface FoundPlace {
  /** The worktree's real path; outside git, the directory's. */
  readonly worktreePath: string;
  /** Null outside git, and where no branch is checked out. */
  readonly branch: string | null;
  /** The main worktree that this one shares its repository with, itself maybe; null outside git and for a bare repository. */
  readonly mainWorktreePath: string | null;
  /** The remote `origin`; null where there is none. */
  readonly repositoryUrl: string | null;
  readonly isGit: boolean;
}

/** Finds out with git where a directory belongs. Rejects where the directory does not exist, or git cannot say. */
export async function findPlace(directory: string): Promise<FoundPlace> {
  const path = await realDirectory(directory);
  const [topLevel, commonDirectory, branch, repositoryUrl] = await Promise.all([
    askRepository(path, 'rev-parse', '--show-toplevel'),
    askGit(path, 'rev-parse', '--git-common-dir'),
    askGit(path, 'symbolic-ref', '--quiet', '--short', 'HEAD'),
    askGit(path, 'config', '--get', 'remote.origin.url'),
  ]);
  if (!topLevel || !commonDirectory) {
    return { worktreePath: path, branch: null, mainWorktreePath: null, repositoryUrl: null, isGit: false };
  }
  return {
    worktreePath: await realpath(topLevel),
    branch,
    mainWorktreePath: await mainWorktree(resolve(path, commonDirectory)),
    repositoryUrl,
    isGit: true,
  };
}

async function realDirectory(directory: string): Promise<string> {
  const path = await realpath(directory).catch(() => null);
  if (path !== null && (await stat(path)).isDirectory()) return path;
  throw new Error(`There is no directory ${directory}: name one that exists, or leave out --worktree.`);
}

/** A repository that is not bare lies in `.git` of its main worktree. */
async function mainWorktree(commonDirectory: string): Promise<string | null> {
  if (basename(commonDirectory) !== '.git') return null;
  return realpath(dirname(commonDirectory));
}

/** What is known of a codebase, as far as it tells which it is. */
interface Repository {
  readonly id: string;
  readonly repositoryUrl: string | null;
  readonly defaultCwd: string | null;
}

/** The registered codebase that a place belongs to: the one of its main worktree, else the one of its remote. */
export function codebaseOf<Codebase extends Repository>(
  { worktreePath, mainWorktreePath, repositoryUrl }: FoundPlace,
  codebases: readonly Codebase[],
): Codebase | undefined {
  const paths = [worktreePath, mainWorktreePath];
  const remote = repositoryUrl && sameAddress(repositoryUrl);
  return (
    codebases.find(({ defaultCwd }) => defaultCwd !== null && paths.includes(withoutEndSlash(defaultCwd))) ??
    codebases.find((codebase) => remote && codebase.repositoryUrl && sameAddress(codebase.repositoryUrl) === remote)
  );
}

const withoutEndSlash = (path: string) => path.replace(/(?<=.)[/\\]+$/, '');

/**
 * One text for the addresses under which git knows one repository: `git@github.com:me/shop.git` and
 * `https://github.com/me/shop`. Scheme, user, port, `.git` and the case of letters make no difference.
 */
export function sameAddress(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^/@]*@/, '')
    .replace(/^([^/:]+):(\d+\/)?/, '$1/')
    .replace(/\/+/g, '/')
    .replace(/(\.git)?\/?$/, '');
}
