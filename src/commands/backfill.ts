import type { BackfillWorktreesResult } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { type CommandDescription, defineCommand } from './command.ts';
import { bullets, code, paragraphs, prose, table } from './markdown.ts';
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
      return [worktree.path, listed(allocations.map(({ port }) => port)), shortened(explanation)];
    });
    const shown = rows.slice(0, mostRows);
    return {
      success: true,
      modified: !dryRun && created.length > 0,
      message: paragraphs([
        `Worktrees that ${dryRun ? 'would be given' : 'were given'} ports: ${created.length} of ${items.length}.`,
        rows.length > 0 ? table(['Worktree', 'Ports', 'Why'], shown) : null,
        more(rows.length - shown.length),
        bullets(skipped.slice(0, mostRows).map((each) => `Passed over ${code(each.path)}: ${prose(each.explanation)}`)),
        more(skipped.length - mostRows),
      ]),
    };
  },
});

/** As many as a chat's message holds. */
const mostRows = 20;
const mostPorts = 10;
const mostCharacters = 300;

const more = (count: number) => (count > 0 ? `… and ${count} more.` : null);

const listed = (ports: readonly number[]) =>
  [...ports.slice(0, mostPorts), ...(ports.length > mostPorts ? [`and ${ports.length - mostPorts} more`] : [])].join(
    ', ',
  );

const shortened = (text: string) => (text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text);
