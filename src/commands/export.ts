import type { Environment, RegistryFormat } from '../client/client.ts';
import { environments, environmentWords, registryFormats, registryFormatWords, wordFor } from './choices.ts';
import { defineCommand } from './command.ts';
import { code, codeBlock } from './markdown.ts';

export interface ExportArguments {
  readonly format: RegistryFormat;
  readonly environment: Environment | null;
}

export interface ExportResult {
  readonly format: RegistryFormat;
  readonly content: string;
}

export const exportCommand = defineCommand<ExportArguments, ExportResult>({
  name: 'export',
  summary: 'Write the registry as a file.',
  words: [],
  flags: [
    {
      name: 'format',
      description: 'what the file looks like (default: json, which is complete)',
      takes: 'format',
      values: registryFormatWords,
    },
    { name: 'environment', description: 'only its ports', takes: 'environment', values: environmentWords },
  ],
  examples: ['--format markdown --environment production', '--format csv'],
  read: (given) => ({
    format: given.choice('format', registryFormats) ?? 'JSON',
    environment: given.choice('environment', environments),
  }),
  async run({ format, environment }, { client, place: { host } }) {
    const where = { ...(host !== null && { host }), ...(environment && { environments: [environment] }) };
    const isWhole = Object.keys(where).length === 0;
    return { format, content: await client.exportRegistry({ format, ...(!isWhole && { where }) }) };
  },
  toMarkdown({ format, content }) {
    const isShort = content.length <= mostCharacters;
    const tooLong = `The export has ${content.length} characters, which is too long for a chat: narrow it, or use ${code(`wharfinger export --format ${wordFor(format)}`)} in a terminal.`;
    // Markdown too: what services are called is not to be taken for it.
    return { success: isShort, modified: false, message: isShort ? codeBlock(content, wordFor(format)) : tooLong };
  },
});

/** As long as a message may be that is split into parts by the chat. */
const mostCharacters = 30_000;
