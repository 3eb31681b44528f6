import type { PortCheck } from '../client/client.ts';
import { defineCommand } from './command.ts';
import { holderLines } from './describe.ts';
import { code, paragraphs } from './markdown.ts';

export interface CheckArguments {
  readonly port: number;
}

export const check = defineCommand<CheckArguments, PortCheck>({
  name: 'check',
  summary: 'Say who holds a port, whether it is up, and what to take instead.',
  words: [{ name: 'port', description: 'which one', isRequired: true }],
  flags: [],
  examples: ['8124'],
  read: (given) => ({ port: given.port('port') }),
  run: ({ port }, { client, place }) => client.checkPort({ port, host: place.host }),
  toMarkdown({ port, available, explanation, allocation, listener, suggestions }) {
    const next = available
      ? code(`/port-allocate <service> dev ${port}`)
      : suggestions.length > 0 && code(`/port-allocate <service> dev ${suggestions[0]}`);
    return {
      success: true,
      modified: false,
      message: paragraphs([
        `Port ${port} is ${available ? 'available' : 'not available'}.`,
        explanation,
        holderLines(allocation, listener),
        next ? `Next: ${next}` : null,
      ]),
    };
  },
});
