import type { PortRange } from '../client/client.ts';
import { wordFor } from './choices.ts';
import { defineCommand } from './command.ts';
import { code, paragraphs, table } from './markdown.ts';

export interface StatsResult {
  readonly ranges: readonly PortRange[];
  /** How many conflicts are open; 1000 stands for more too. */
  readonly openConflicts: number;
}

const mostConflicts = 1_000;

export const stats = defineCommand<null, StatsResult>({
  name: 'stats',
  summary: 'Show how full the port ranges are.',
  words: [],
  flags: [],
  examples: [''],
  read: () => null,
  async run(_args, { client, place: { host } }) {
    const [ranges, conflicts] = await Promise.all([
      client.portRanges({ host }),
      client.conflicts({ host, first: mostConflicts }),
    ]);
    return { ranges, openConflicts: conflicts.length };
  },
  toMarkdown: ({ ranges, openConflicts }) => ({
    success: true,
    modified: false,
    message: paragraphs([
      table(['Environment', 'Range', 'Held', 'Free', 'Utilization'], ranges.map(rangeRow)),
      openConflicts > 0 ? `Open conflicts: ${openConflicts}. Next: ${code('/port-conflicts')}` : 'No open conflicts.',
    ]),
  }),
});

const rangeRow = ({ environment, start, end, used, size, available, utilization }: PortRange) => [
  wordFor(environment),
  `${start}-${end}`,
  `${used} of ${size}`,
  available,
  `${Math.round(utilization * 1_000) / 10} %`,
];
