import { z } from 'zod';
import type { BackfillItem as ItemRecord } from '../domain/backfill.ts';
import { mostWishes } from '../domain/backfill-wishes.ts';
import { mostWorktrees, type BackfillReport as ReportRecord } from '../registry/backfill-worktrees.ts';
import type { SkippedWorktree as SkippedRecord } from '../registry/sort-worktrees.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { absolutePath, identifier, namedOnce, severalOf } from './input-rules.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import { worktreeRow } from './worktree-rows.ts';

const { NotFound, InvalidInput, RangeExhausted } = refusals;

const conversation = z.object({ path: absolutePath, conversationId: identifier });
const backfillInput = z.object({
  codebaseId: identifier,
  dryRun: z.boolean(),
  conversations: namedOnce(severalOf(conversation), 'path', ({ path }) => path)
    .nullish()
    .transform((given) => given ?? []),
});

export function addBackfillWorktrees(builder: Builder, types: GraphTypes): void {
  const BackfillReport = addBackfillReport(builder, types);
  const WorktreeConversation = addWorktreeConversation(builder);

  builder.mutationField('backfillWorktrees', (t) =>
    t.field({
      type: BackfillReport,
      description:
        "Finds the git worktrees of a codebase that are on this host's disk, registers them, and gives dev ports to those that hold none: the ports that their .env, .env.development or .env.local names (PORT and *_PORT; the last of the files counts) where these are free to take, others otherwise. All of them or none; repeating it is safe.",
      args: {
        codebaseId: t.arg.id({
          required: true,
          description: 'The codebase. Its defaultCwd is a checkout, or the bare repository, on this host.',
        }),
        dryRun: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Answer what would be done, and do nothing.',
        }),
        conversations: t.arg({
          type: [WorktreeConversation],
          description:
            'Which conversation works in which worktree, at most 1000; paths of no worktree count for nothing. For the others: the conversation that a worktree is registered with.',
        }),
      },
      errors: {
        types: [NotFound, InvalidInput, RangeExhausted],
        union: { name: 'BackfillWorktreesResult', description: 'What became of each worktree, or why it was refused.' },
      },
      resolve: async (_root, args, { registry }) =>
        granted(await registry.backfillWorktrees(parseInput(backfillInput, args))),
    }),
  );
}

function addBackfillReport(builder: Builder, types: GraphTypes) {
  const BackfillItem = addBackfillItem(builder, types);
  const SkippedWorktree = builder.objectRef<SkippedRecord>('SkippedWorktree').implement({
    description: 'A worktree that git lists and that is not registered.',
    fields: (t) => ({
      path: t.exposeString('path', { description: 'Where git says that it is.' }),
      explanation: t.exposeString('explanation', { description: 'Why not, and what could be done, in a sentence.' }),
    }),
  });
  const complexity = listOf(mostWorktrees);
  return builder.objectRef<ReportRecord>('BackfillReport').implement({
    description: 'What a backfill did, or would do, about each worktree of a codebase.',
    fields: (t) => ({
      dryRun: t.exposeBoolean('dryRun', { description: 'Whether nothing was changed.' }),
      items: t.field({
        type: [BackfillItem],
        description: 'The worktrees on disk, the main one first, the others by path.',
        complexity,
        resolve: ({ items }) => [...items],
      }),
      skipped: t.field({
        type: [SkippedWorktree],
        description: 'The worktrees that are bare, gone from disk, or cannot be registered, in the same order.',
        complexity,
        resolve: ({ skipped }) => [...skipped],
      }),
    }),
  });
}

/** What a dry run answers is not in the database, so nothing of an item is read from there. */
function addBackfillItem(builder: Builder, { Worktree, PortAllocation }: GraphTypes) {
  return builder.objectRef<ItemRecord>('BackfillItem').implement({
    description: 'A worktree on disk, and its ports.',
    fields: (t) => ({
      worktree: t.field({
        type: Worktree,
        description: 'The worktree as it is after the backfill, or would be; then the id of a new one is made up.',
        resolve: ({ worktree }) => worktreeRow(worktree),
      }),
      allocations: t.field({
        type: [PortAllocation],
        description: 'Its dev ports, as they are after the backfill or would be.',
        complexity: listOf(mostWishes),
        resolve: ({ worktree, allocations }) =>
          allocations.map((allocation) => ({ ...allocation, worktree: worktreeRow(worktree) })),
      }),
      created: t.exposeBoolean('created', {
        description: 'Whether it is given ports; false where it held some already and keeps them.',
      }),
      explanation: t.exposeString('explanation', {
        description: 'Which ports it has and why these, in a sentence or two for a person or an agent.',
      }),
    }),
  });
}

function addWorktreeConversation(builder: Builder) {
  return builder.inputType('WorktreeConversationInput', {
    description: 'The conversation that works in a worktree.',
    fields: (t) => ({
      path: t.string({ required: true, description: "The worktree's absolute path, at most 1024 bytes." }),
      conversationId: t.string({
        required: true,
        description: "The conversation, in the caller's own terms; at most 255 characters.",
      }),
    }),
  });
}
