import { isAbsolute, join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { z } from 'zod';
import { isRefusal, type RegistryClient } from '../client/client.ts';
import { isPortManagementEnabled } from '../commands/is-enabled.ts';
import { readGitWorktrees } from '../observer/git-worktrees.ts';
import { addWorktree } from './add-worktree.ts';
import { explain, UsageMistake } from './fail.ts';
import { findLinkedWorktree } from './find-linked-worktree.ts';
import { furnishWorktree } from './furnish-worktree.ts';
import { askGit } from './git.ts';
import { openOutput, withRegistry } from './registry-command.ts';
import { removeFromDisk } from './remove-worktree.ts';
import { type PlaceFlags, readPlace } from './session.ts';

/** What a hook works with. Without a client it is git alone. */
interface HookTools {
  readonly client: RegistryClient | null;
  readonly flags: PlaceFlags;
  /** Says what the person should know. Claude Code reads standard output itself. */
  note(text: string): void;
}

/** Does what Claude Code tells on standard input, and prints what it wants to read. A registry that does not answer is a note. */
export async function runClaudeHook(
  event: 'WorktreeCreate' | 'WorktreeRemove',
  services: readonly string[],
  flags: PlaceFlags,
): Promise<void> {
  const input = await readAll(process.stdin);
  const { line, note } = openOutput();
  const act = async (client: RegistryClient | null) => {
    const tools: HookTools = { client, flags, note: (text) => note(`wharfinger: ${text}`) };
    if (event === 'WorktreeCreate') line(await createForClaude(input, services, tools));
    else await removeForClaude(input, tools);
  };
  if (isPortManagementEnabled(process.env)) await withRegistry(flags, ({ client }) => act(client));
  else await act(null);
}

/**
 * What Claude Code tells its WorktreeCreate hook (https://code.claude.com/docs/en/hooks). The documentation says
 * `worktree_name`, `base_path` and `source_ref`; releases have sent `name` alone, and older ones `worktree_path`.
 */
const creation = z
  .object({
    cwd: z.string(),
    name: z.string().optional(),
    worktree_name: z.string().optional(),
    worktree_path: z.string().optional(),
    base_path: z.string().optional(),
    source_ref: z.string().optional(),
    session_id: z.string().optional(),
  })
  .transform(({ name, worktree_name, ...rest }) => ({ ...rest, name: name ?? worktree_name }));

const removal = z.object({ cwd: z.string(), worktree_path: z.string() });

/**
 * Makes the worktree that Claude Code asks for, where it makes its own: `.claude/worktrees/<name>` of the main worktree, on
 * the branch `worktree-<name>`; answers its path. The ports are no condition: where there are none, that is noted.
 */
async function createForClaude(input: string, services: readonly string[], tools: HookTools): Promise<string> {
  const { cwd, name, worktree_path, base_path, source_ref, session_id } = parse(creation, input, 'WorktreeCreate');
  const given = name ?? worktree_path?.split(/[/\\]/).findLast(Boolean) ?? '';
  const segments = given.split('/');
  if (segments.some((segment) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(segment) || segment.endsWith('.lock'))) {
    throw new UsageMistake(
      `"${given}" is no name for a worktree: letters, digits, dots, dashes and underscores make one.`,
    );
  }
  const [main] = await readGitWorktrees(cwd);
  const base = base_path && isAbsolute(base_path) ? base_path : join(main?.path ?? cwd, '.claude/worktrees');
  const path = worktree_path && isAbsolute(worktree_path) ? worktree_path : join(base, ...segments);
  const branch = `worktree-${given}`;
  const isKnown = await askGit(cwd, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`);
  const added = await addWorktree(cwd, { branch, path, from: isKnown ? undefined : source_ref });
  await furnish(services, { worktree: added.path, conversation: session_id }, tools);
  return added.path;
}

async function furnish(
  services: readonly string[],
  place: PlaceFlags,
  { client, flags, note }: HookTools,
): Promise<void> {
  if (!client) return;
  try {
    const { notes } = await furnishWorktree(services, await readPlace({ ...flags, ...place }, client), client);
    for (const text of notes) note(text);
  } catch (error) {
    note(`The worktree has no ports yet: ${explain(error)}`);
  }
}

/**
 * Removes the worktree that Claude Code is done with, as it would itself: with whatever is in it, since it has asked
 * before, and with its branch where that has nothing of its own.
 */
async function removeForClaude(input: string, { client, flags, note }: HookTools): Promise<void> {
  const { cwd, worktree_path } = parse(removal, input, 'WorktreeRemove');
  const worktree = await findLinkedWorktree(cwd, worktree_path);
  try {
    const result = await client?.removeWorktree({ path: worktree.path, host: flags.host });
    if (result && isRefusal(result) && result.__typename !== 'NotFound') note(result.message);
  } catch (error) {
    note(`Its ports are released when the registry looks for it: ${explain(error)}`);
  }
  await removeFromDisk(worktree, true);
  const { branch, mainPath } = worktree;
  if (branch?.startsWith('worktree-')) await askGit(mainPath, 'branch', '--delete', branch);
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
