import type { Environment, PortCheck } from '../client/client.ts';
import { wordFor } from './choices.ts';
import { defineCommand } from './command.ts';
import { holderLines } from './describe.ts';
import { code, paragraphs, prose } from './markdown.ts';
import { isOwn, sayOwn } from './own-port.ts';

export interface CheckArguments {
  readonly port: number;
}

export interface CheckResult extends PortCheck {
  /** In whose range the port lies; null where it lies in none. */
  readonly environment: Environment | null;
  /** Whether whoever asks holds it. */
  readonly isOwn: boolean;
}

export const check = defineCommand<CheckArguments, CheckResult>({
  name: 'check',
  summary: 'Say who holds a port, whether it is up, and what to take instead.',
  words: [{ name: 'port', description: 'which one', isRequired: true }],
  flags: [],
  examples: ['8124'],
  read: (given) => ({ port: given.port('port') }),
  async run({ port }, { client, place }) {
    const { host } = place;
    const [found, ranges] = await Promise.all([client.checkPort({ port, host }), client.portRanges({ host })]);
    const range = ranges.find(({ start, end }) => port >= start && port <= end);
    const { allocation } = found;
    const own = allocation !== null && isOwn(found, place) ? { ...found, allocation } : null;
    const explanation = own ? sayOwn(own) : found.explanation;
    return { ...found, explanation, environment: range?.environment ?? null, isOwn: own !== null };
  },
  toMarkdown({ port, available, explanation, allocation, listener, suggestions, environment, isOwn }) {
    const free = available ? port : suggestions[0];
    const next =
      !isOwn && free !== undefined && code(`/port-allocate <service> ${wordFor(environment ?? 'DEV')} ${free}`);
    return {
      success: true,
      modified: false,
      message: paragraphs([
        `Port ${port} is ${isOwn ? 'yours' : available ? 'available' : 'not available'}.`,
        prose(explanation),
        holderLines(allocation, listener),
        next ? `Next: ${next}` : null,
      ]),
    };
  },
});
