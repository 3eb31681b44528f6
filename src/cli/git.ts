import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** For questions. What git is told to do may take as long as it takes. */
const questionTimeoutMs = 5_000;

/** What git says in a directory, without the last line's end; null where it says nothing, as outside a repository, or is not there. */
export async function askGit(directory: string, ...parameters: string[]): Promise<string | null> {
  try {
    const { stdout } = await execute('git', parameters, { ...optionsIn(directory), timeout: questionTimeoutMs });
    return stdout.trimEnd() || null;
  } catch {
    return null;
  }
}

/** Has git do something in a directory, and answers what it says. Throws a GitFailed with what it complains of. */
export async function runGit(directory: string, ...parameters: string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', parameters, { ...optionsIn(directory), maxBuffer: 64 * 1024 * 1024 });
    return stdout.trimEnd();
  } catch (error) {
    throw new GitFailed(parameters, Object(error));
  }
}

/** Git did not do what it was told to. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';

  constructor(parameters: readonly string[], { code, stderr }: { readonly code?: unknown; readonly stderr?: string }) {
    const complaint = stderr
      ?.trim()
      .split('\n')
      .filter((line) => !/^(hint:|Preparing worktree)/.test(line))
      .join(' ');
    const isMissing = code === 'ENOENT';
    super(isMissing ? 'There is no git on the PATH: install it.' : `git ${parameters[0]}: ${complaint || 'it failed'}`);
  }
}

/**
 * Git is asked about the directory alone. In a hook, and in `git rebase --exec`, variables such as GIT_DIR name another
 * repository, and win.
 */
function optionsIn(directory: string) {
  const entries = Object.entries(process.env).filter(([name]) => !repositoryVariables.has(name));
  return { cwd: directory, windowsHide: true, env: { ...Object.fromEntries(entries), LC_ALL: 'C' } };
}

/** Those of `git rev-parse --local-env-vars` that name places. */
const repositoryVariables = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
]);
