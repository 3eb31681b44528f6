import { basename } from 'node:path';
import { isPortManagementEnabled } from '../commands/is-enabled.ts';
import { explain } from './fail.ts';
import type { FurnishedWorktree } from './furnish-worktree.ts';
import { argumentsOf } from './hook-text.ts';
import { openOutput, withRegistry } from './registry-command.ts';
import type { PlaceFlags } from './session.ts';

/** Somebody waits for git. A registry that is not there says so at once. */
const deadlineMs = 10_000;

/**
 * Gives the worktree around the current directory its ports and its `.env.local`. For a hook: says one line on standard error,
 * never fails, and does not take long; nothing where port management is switched off.
 */
export async function runPostCheckout(services: readonly string[], flags: PlaceFlags): Promise<void> {
  if (!isPortManagementEnabled(process.env)) return;
  const { note } = openOutput();
  const tell = (what: string) => note(`wharfinger: ${what}`);
  const deadline = setTimeout(() => {
    tell(
      `The registry takes its time, so this worktree has no ports yet: run \`wharfinger ${argumentsOf(services)}\` in it.`,
    );
    process.exit();
  }, deadlineMs);
  try {
    await withRegistry(flags, async ({ client }) => {
      const [{ furnishWorktree }, { readPlace }] = await Promise.all([
        import('./furnish-worktree.ts'),
        import('./session.ts'),
      ]);
      tell(told(await furnishWorktree(services, await readPlace(flags, client), client)));
    });
  } catch (error) {
    tell(`This worktree has no ports yet. ${explain(error)} Then run \`wharfinger ${argumentsOf(services)}\` in it.`);
  } finally {
    clearTimeout(deadline);
  }
}

function told({ allocations, written, notes }: FurnishedWorktree): string {
  const ports = allocations.map(({ port, serviceName }) => `${port} (${serviceName})`).join(', ');
  return [`${written ? basename(written.path) : 'This worktree'} has ${ports || 'no ports'}.`, ...notes].join(' ');
}
