import type { Environment, PortCheck } from '../client/client.ts';
import { wordFor } from './choices.ts';
import { defineCommand } from './command.ts';
import { holderLines } from './describe.ts';
import { code, paragraphs, prose } from './markdown.ts';

export interface CheckArguments {
  readonly port: number;
}

/** With the environment in whose range the port lies; null where it lies in none. */
export type CheckResult = PortCheck & { readonly environment: Environment | null };

export const check = defineCommand<CheckArguments, CheckResult>({
  name: 'check',
  summary: 'Say who holds a port, whether it is up, and what to take instead.',
  words: [{ name: 'port', description: 'which one', isRequired: true }],
  flags: [],
  examples: ['8124'],
  read: (given) => ({ port: given.port('port') }),
  async run({ port }, { client, place: { host } }) {
    const [found, ranges] = await Promise.all([client.checkPort({ port, host }), client.portRanges({ host })]);
    const range = ranges.find(({ start, end }) => port >= start && port <= end);
    return { ...found, environment: range?.environment ?? null };
  },
  toMarkdown({ port, available, explanation, allocation, listener, suggestions, environment }) {
    const free = available ? port : suggestions[0];
    const next = free !== undefined && code(`/port-allocate <service> ${wordFor(environment ?? 'DEV')} ${free}`);
    return {
      success: true,
      modified: false,
      message: paragraphs([
        `Port ${port} is ${available ? 'available' : 'not available'}.`,
        prose(explanation),
        holderLines(allocation, listener),
        next ? `Next: ${next}` : null,
      ]),
    };
  },
});
