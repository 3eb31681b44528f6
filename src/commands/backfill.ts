import type { BackfillWorktreesResult } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { type CommandDescription, defineCommand } from './command.ts';
import { bullets, code, paragraphs, table } from './markdown.ts';
import { renderRefusal } from './render-refusal.ts';
import { usageOf } from './usage.ts';
import { UsageError } from './usage-error.ts';

export interface BackfillArguments {
  /** Null for that of the place. */
  readonly codebaseId: string | null;
  readonly dryRun: boolean;
}

const words: CommandDescription = {
  name: 'backfill',
  summary: 'Give ports to the git worktrees of a codebase that exist already.',
  words: [{ name: 'codebase', description: 'the id of a registered one (default: that of the conversation)' }],
  flags: [{ name: 'dry-run', description: 'say what would be done, and do nothing' }],
  examples: ['--dry-run', 'shop'],
};

export const backfill = defineCommand<BackfillArguments, BackfillWorktreesResult>({
  ...words,
  read: (given) => ({ codebaseId: given.optionalText('codebase'), dryRun: given.isSet('dry-run') }),
  async run({ codebaseId, dryRun }, { client, place }) {
    const id = codebaseId ?? place.codebaseId;
    if (id === null) throw new UsageError('Say which codebase: you are in none.', usageOf(words));
    return client.backfillWorktrees({ codebaseId: id, dryRun });
  },
  toMarkdown(result) {
    if (isRefusal(result)) return renderRefusal(result, [code('/port-help backfill')]);
    const { items, skipped, dryRun } = result;
    const created = items.filter((item) => item.created);
    const rows = items.map(({ worktree, allocations, explanation }) => {
      return [worktree.path, allocations.map(({ port }) => port).join(', '), explanation];
    });
    return {
      success: true,
      modified: !dryRun && created.length > 0,
      message: paragraphs([
        `Worktrees that ${dryRun ? 'would be given' : 'were given'} ports: ${created.length} of ${items.length}.`,
        rows.length > 0 ? table(['Worktree', 'Ports', 'Why'], rows) : null,
        bullets(skipped.map(({ path, explanation }) => `Passed over ${code(path)}: ${explanation}`)),
      ]),
    };
  },
});
