import { GitFailed, type GitWorktree, readGitWorktrees } from './git-worktrees.ts';
import { within } from './within.ts';

/** The worktrees of the repository that a directory lies in. Rejects with GitFailed. */
export type GitLister = (directory: string) => Promise<GitWorktree[]>;

/** A little longer than git has: it cannot be ended while a file system keeps it. */
const timeoutMs = 11_000;

/** Each is a process. Those that hang count until they end. */
const mostAtOnce = 8;

/** Lists worktrees, once for all who ask for those of a directory meanwhile, and of few directories at a time. */
export function createGitLister(read: GitLister = readGitWorktrees): GitLister {
  const running = new Map<string, Promise<GitWorktree[]>>();
  const start = (directory: string) => {
    if (running.size >= mostAtOnce) {
      throw new GitFailed(
        `git still lists the worktrees of ${mostAtOnce} other directories: try again in ${timeoutMs / 1_000} seconds.`,
      );
    }
    const listing = read(directory).finally(() => running.delete(directory));
    running.set(directory, listing);
    return listing;
  };
  return async (directory) => {
    const listed = await within(running.get(directory) ?? start(directory), timeoutMs, undefined);
    if (listed) return listed;
    throw new GitFailed(
      `git hangs in ${directory}: run \`git worktree list\` there to see what it waits for, such as a mount that does not answer.`,
    );
  };
}
