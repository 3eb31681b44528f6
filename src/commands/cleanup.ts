import type { CleanupReport } from '../client/client.ts';
import { defineCommand } from './command.ts';
import { code, paragraphs, table } from './markdown.ts';

export interface CleanupArguments {
  readonly dryRun: boolean;
}

export const cleanup = defineCommand<CleanupArguments, CleanupReport>({
  name: 'cleanup',
  summary: 'Release what is certainly no longer used, and say why the rest stays.',
  words: [],
  flags: [{ name: 'dry-run', description: 'say what would be done, and do nothing' }],
  examples: ['--dry-run', ''],
  read: (given) => ({ dryRun: given.isSet('dry-run') }),
  run: ({ dryRun }, { client, place }) => client.cleanupPorts({ dryRun, host: place.host }),
  toMarkdown(report) {
    const { dryRun, releasedCount, keptCount, historyPruned } = report;
    const done = dryRun ? 'would be released' : 'released';
    const live = releasedCount - historyPruned;
    const history =
      historyPruned > 0 ? ` Old history ${dryRun ? 'that would be deleted' : 'deleted'}: ${historyPruned}.` : '';
    return {
      success: true,
      modified: !dryRun && releasedCount > 0,
      message: paragraphs([
        `Ports ${done}: ${live}.${history} Kept: ${keptCount}.`,
        section(report.released, releasedCount),
        keptCount > 0 ? `Kept, and why:\n\n${section(report.kept, keptCount)}` : null,
        dryRun && releasedCount > 0 ? `Nothing was changed. Next: ${code('/port-cleanup')}` : null,
      ]),
    };
  },
});

/** As many as a chat's message holds. */
const mostItems = 20;

function section(items: CleanupReport['released'], count: number): string | null {
  if (items.length === 0) return null;
  const shown = items.slice(0, mostItems);
  const rows = shown.map(({ allocation, explanation }) => [allocation.port, allocation.serviceName, explanation]);
  const more = count > shown.length ? `… and ${count - shown.length} more.` : null;
  return paragraphs([table(['Port', 'Service', 'Why'], rows), more]);
}
