import { isAbsolute, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isRefusal, type RegistryClient } from '../client/client.ts';
import { isPortManagementEnabled } from '../commands/is-enabled.ts';
import { readGitWorktrees } from '../observer/git-worktrees.ts';
import { addWorktree } from './add-worktree.ts';
import { explain, UsageMistake } from './fail.ts';
import { findLinkedWorktree } from './find-linked-worktree.ts';
import { furnishWorktree } from './furnish-worktree.ts';
import { askGit } from './git.ts';
import { openOutput } from './registry-command.ts';
import { removeFromDisk } from './remove-worktree.ts';
import type { PlaceFlags } from './session.ts';

/** Somebody waits for Claude Code. */
const deadlineMs = 10_000;

/** Does what Claude Code tells on standard input, and prints what it wants to read. A registry that does not answer is a note. */
export async function runClaudeHook(
  event: 'WorktreeCreate' | 'WorktreeRemove',
  services: readonly string[],
  flags: PlaceFlags,
): Promise<void> {
  const input = await readAll(process.stdin);
  if (event === 'WorktreeCreate') await createForClaude(input, services, flags);
  else await removeForClaude(input, flags);
  process.stdout.write('', () => process.exit()); // a request that was given up on would keep the process
}

/** What the registry is asked to do, where there is port management. Says what came of it; never throws, and does not take long. */
async function askRegistry(
  flags: PlaceFlags,
  act: (client: RegistryClient) => Promise<readonly string[]>,
  whyNot: string,
): Promise<void> {
  if (!isPortManagementEnabled(process.env)) return;
  const output = openOutput();
  const late = delay(deadlineMs, undefined, { ref: false }).then(() => {
    throw new Error(`The registry has not answered within ${deadlineMs / 1_000} seconds.`);
  });
  try {
    const { openClient } = await import('./session.ts');
    const client = openClient(flags, process.env);
    const notes = await Promise.race([act(client), late]);
    await client.close();
    for (const note of notes) output.note(`wharfinger: ${note}`);
  } catch (error) {
    output.note(`wharfinger: ${whyNot}: ${explain(error)}`);
  }
}

/**
 * What Claude Code tells its WorktreeCreate hook (https://code.claude.com/docs/en/hooks). The documentation says
 * `worktree_name`, `base_path` and `source_ref`; releases have sent `name` alone, and older ones `worktree_path`.
 */
const creation = z
  .object({
    cwd: z.string(),
    name: z.string().nullish(),
    worktree_name: z.string().nullish(),
    worktree_path: z.string().nullish(),
    base_path: z.string().nullish(),
    source_ref: z.string().nullish(),
    session_id: z.string().nullish(),
  })
  .transform(({ name, worktree_name, ...rest }) => ({ ...rest, name: name ?? worktree_name }));

const removal = z.object({ cwd: z.string(), worktree_path: z.string(), session_id: z.string().nullish() });

/**
 * Makes the worktree that Claude Code asks for, where it makes its own: `.claude/worktrees/<name>` of the main worktree, on
 * the branch `worktree-<name>`; prints its path. The ports are no condition: where there are none, that is noted.
 */
async function createForClaude(input: string, services: readonly string[], flags: PlaceFlags): Promise<void> {
  const { cwd, name, worktree_path, base_path, source_ref, session_id } = parse(creation, input, 'WorktreeCreate');
  const given = name ?? worktree_path?.split(/[/\\]/).findLast(Boolean) ?? '';
  const segments = given.split('/');
  if (segments.some((segment) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(segment) || segment.endsWith('.lock'))) {
    throw new UsageMistake(
      `"${given}" is no name for a worktree: letters, digits, dots, dashes and underscores make one.`,
    );
  }
  const known = await readGitWorktrees(cwd);
  const base = base_path && isAbsolute(base_path) ? base_path : join(known[0]?.path ?? cwd, '.claude/worktrees');
  const path = worktree_path && isAbsolute(worktree_path) ? worktree_path : join(base, ...segments);
  const branch = `worktree-${given}`;
  const isKnown = await askGit(cwd, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`);
  // The agent may have checked out another branch in it since.
  const isThere = known.some((worktree) => worktree.path === path && worktree.prunable === null);
  const added = isThere
    ? { path, notes: [] }
    : await addWorktree(cwd, { branch, path, from: isKnown ? undefined : (source_ref ?? undefined) });
  openOutput().content(added.path);
  const place = { ...flags, worktree: added.path, conversation: session_id ?? undefined };
  const furnish = async (client: RegistryClient) => {
    const { readPlace } = await import('./session.ts');
    const { notes } = await furnishWorktree(services, await readPlace(place, client), client);
    return [...added.notes, ...notes];
  };
  await askRegistry(flags, furnish, 'The worktree has no ports yet');
}

/**
 * Removes the worktree that Claude Code is done with, as it would itself: with whatever is in it, since it has asked
 * before, and with its branch where that has nothing of its own.
 */
async function removeForClaude(input: string, flags: PlaceFlags): Promise<void> {
  const { cwd, worktree_path, session_id } = parse(removal, input, 'WorktreeRemove');
  const worktree = await findLinkedWorktree(cwd, worktree_path);
  const owner = { conversationId: session_id };
  const release = async (client: RegistryClient) => {
    const result = await client.removeWorktree({ path: worktree.path, host: flags.host, owner });
    return isRefusal(result) && result.__typename !== 'NotFound' ? [`Its ports stay held: ${result.message}`] : [];
  };
  await askRegistry(flags, release, 'Its ports are released when the registry looks for it');
  await removeFromDisk(worktree, true);
  const { branch, mainPath } = worktree;
  if (branch?.startsWith('worktree-')) await askGit(mainPath, 'branch', '--delete', '--', branch);
}

function parse<Payload>(schema: z.ZodType<Payload>, input: string, event: string): Payload {
  try {
    return schema.parse(JSON.parse(input));
  } catch {
    throw new UsageMistake(
      `\`wharfinger hooks run ${event}\` reads what Claude Code tells its hooks, as JSON, from standard input.`,
    );
  }
}
