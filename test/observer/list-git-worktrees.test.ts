import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GitFailed, type GitWorktree } from '../../src/observer/git-worktrees.ts';
import { createGitLister } from '../../src/observer/list-git-worktrees.ts';

const worktree: GitWorktree = { path: '/src/shop', branch: 'main', isBare: false, locked: null, prunable: null };

/** A lister whose git hangs in directories below /dead, and how often it was run. */
function openLister() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const asked: string[] = [];
  const list = createGitLister((directory) => {
    asked.push(directory);
    return directory.startsWith('/dead') ? new Promise(() => {}) : Promise.resolve([worktree]);
  });
  return { list, asked };
}

describe('listing git worktrees', () => {
  it('runs git once for all who ask for a directory meanwhile, and again for those who ask later', async () => {
    const { list, asked } = openLister();
    expect(await Promise.all([list('/src/shop'), list('/src/shop')])).toEqual([[worktree], [worktree]]);
    expect(asked).toHaveLength(1);
    await list('/src/shop');
    expect(asked).toHaveLength(2);
  });

  it('waits for no git that cannot even be killed, and runs at most eight at a time', async () => {
    const { list, asked } = openLister();
    const hanging = Array.from({ length: 8 }, (_, index) => list(`/dead/${index}`).catch((error: unknown) => error));
    await expect(list('/src/shop')).rejects.toThrow('try again in 11 seconds');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await Promise.all(hanging)).toEqual(Array.from({ length: 8 }, () => expect.any(GitFailed)));
    const again = expect(list('/dead/0')).rejects.toThrow('git hangs in /dead/0');
    await vi.advanceTimersByTimeAsync(11_000);
    await again;
    expect(asked).toHaveLength(8);
  });
});
