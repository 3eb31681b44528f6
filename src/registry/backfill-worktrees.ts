import { isAbsolute } from 'node:path';
import type { AllocationRefusal } from '../domain/allocate.ts';
import { type BackfillItem, backfilled, decideBackfill, type FoundWorktree } from '../domain/backfill.ts';
import type { Surroundings } from '../domain/choose.ts';
import { decided } from '../domain/decision.ts';
import { isWithin } from '../domain/policy.ts';
import { InvalidInput, isRefusal, NotFound } from '../domain/refusals.ts';
import type { Codebase } from '../domain/registry-model.ts';
import { GitFailed, type GitWorktree } from '../observer/git-worktrees.ts';
import type { RegistryContext } from './context.ts';
import { look } from './look.ts';
import { canonicalPath } from './owner-paths.ts';
import { type SkippedWorktree, sortWorktrees } from './sort-worktrees.ts';

export interface BackfillInput {
  readonly codebaseId: string;
  readonly dryRun: boolean;
  /** Which conversation works in which worktree; paths that name none of the worktrees count for nothing. */
  readonly conversations: readonly { readonly path: string; readonly conversationId: string }[];
}

export interface BackfillReport {
  readonly dryRun: boolean;
  /** In git's order: the main worktree first. */
  readonly items: readonly BackfillItem[];
  readonly skipped: readonly SkippedWorktree[];
}

/** How many worktrees a repository may have, so that they can be decided together. */
export const mostWorktrees = 500;

/**
 * Registers the git worktrees of a codebase that are on this host's disk, and gives ports to those that hold none; or
 * says what would be done, and does nothing. What is read from disk is read before any transaction.
 */
export async function backfillWorktrees(
  context: RegistryContext,
  { codebaseId, dryRun, conversations }: BackfillInput,
): Promise<BackfillReport | AllocationRefusal> {
  const listed = await listWorktrees(context, codebaseId);
  if (isRefusal(listed)) return listed;
  const { onDisk, skipped } = await sortWorktrees(context, listed);
  const conversationOf = new Map<string, string>();
  for (const [index, { path, conversationId }] of conversations.entries()) {
    const field = ['conversations', String(index), 'path'];
    const named = { path, hostName: context.hostName, field };
    conversationOf.set(await canonicalPath(context, named), conversationId); // each answers in a millisecond
  }
  const worktrees: FoundWorktree[] = [];
  for (const { path, branch } of onDisk) {
    const conversationId = conversationOf.get(path) ?? null;
    worktrees.push({ path, branch, conversationId, namedPorts: await context.paths.envPorts(path) }); // likewise
  }
  const items = await decide(context, { codebaseId, worktrees, dryRun });
  return isRefusal(items) ? items : { dryRun, items, skipped };
}

async function listWorktrees(
  context: RegistryContext,
  codebaseId: string,
): Promise<GitWorktree[] | NotFound | InvalidInput> {
  const codebase = await findCodebase(context, codebaseId);
  if (!codebase) return new NotFound(`No codebase has the id ${codebaseId}: register it first (registerCodebase).`);
  const { name, defaultCwd } = codebase;
  const again = 'register it again with the absolute path of a checkout on this host as defaultCwd';
  if (defaultCwd === null) return refuse(`The codebase ${name} names no directory: ${again}.`);
  if (!isAbsolute(defaultCwd)) {
    return refuse(`The directory ${defaultCwd} of the codebase ${name} is none of this host's: ${again}.`);
  }
  try {
    const { kind } = await context.paths.find(defaultCwd);
    if (kind === 'unknown') {
      return refuse(
        `The directory ${defaultCwd} of the codebase ${name} does not answer: see that its disk or mount does.`,
      );
    }
    const listed = await context.listGitWorktrees(defaultCwd);
    if (listed.length <= mostWorktrees) return listed;
    return refuse(
      `The codebase ${name} has ${listed.length} worktrees, and at most ${mostWorktrees} are taken at once: remove those that are no longer used (git worktree remove).`,
    );
  } catch (error) {
    if (error instanceof GitFailed) return refuse(error.message);
    throw error;
  }
}

function findCodebase(context: RegistryContext, id: string): Promise<Codebase | undefined> {
  return look(context, { hosts: [], reads: {}, decide: ({ ledger }) => decided(ledger.catalog.get(id)) });
}

const refuse = (message: string) => new InvalidInput([{ path: ['codebaseId'], message }]);

interface Found {
  readonly codebaseId: string;
  readonly worktrees: readonly FoundWorktree[];
  readonly dryRun: boolean;
}

async function decide(
  context: RegistryContext,
  { codebaseId, worktrees, dryRun }: Found,
): Promise<BackfillItem[] | AllocationRefusal> {
  const { hostName, policy, writer } = context;
  const ports = worktrees.flatMap(({ namedPorts }) => namedPorts.map(({ port }) => port));
  const backfill = {
    hosts: [hostName],
    reads: {
      worktrees: worktrees.map(({ path }) => ({ hostName, path, withAllocations: true })),
      ports: ports.map((port) => ({ hostName, port })),
    },
    decide: (surroundings: Surroundings) => decideBackfill({ hostName, codebaseId, worktrees }, surroundings),
  };
  if (dryRun) return look(context, backfill);
  const wished = ports.filter((port) => isWithin(port, policy.ranges[backfilled]));
  // How many others it takes is known only when it is known which of them hold a port already.
  return writer.submit({
    ...backfill,
    name: 'backfill',
    expects: { ports: wished, automatic: { environment: backfilled, count: 0 } },
  });
}
