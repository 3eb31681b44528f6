import type { AllocationFilter, ConfigFormat, RegistryClient, RenderedConfig } from '../client/client.ts';
import { RegistryError } from '../client/errors.ts';
import { configFormats, configFormatWords } from './choices.ts';
import { type CommandPlace, defineCommand } from './command.ts';
import { code, codeBlock, paragraphs } from './markdown.ts';
import { nearestWord } from './nearest-word.ts';

export interface ConfigArguments {
  readonly serviceName: string;
  readonly format: ConfigFormat;
}

export const config = defineCommand<ConfigArguments, RenderedConfig>({
  name: 'config',
  summary: 'Write the configuration that gives a service its port.',
  words: [{ name: 'service', description: 'which one', isRequired: true }],
  flags: [
    {
      name: 'format',
      description: 'what is to read it (default: dotenv)',
      takes: 'format',
      values: configFormatWords,
    },
  ],
  examples: ['web', 'web --format vite', 'api --format docker-compose'],
  read: (given) => ({
    serviceName: given.text('service'),
    format: given.choice('format', configFormats) ?? 'DOTENV',
  }),
  async run(args, { client, place }) {
    try {
      return await configOf(args, client, place);
    } catch (error) {
      if (Object(error).code === 'NOT_FOUND') throw await unknownService(args.serviceName, client);
      throw error;
    }
  },
  toMarkdown: ({ filename, content, format }) => ({
    success: true,
    modified: false,
    message: paragraphs([`For ${code(filename)}:`, codeBlock(content, languages[format])]),
  }),
});

/** The error where no service of this name has a port, in a worktree or at all, with the nearest one that has. */
export async function unknownService(
  serviceName: string,
  client: RegistryClient,
  worktreePath?: string,
): Promise<RegistryError> {
  const { allocations } = await client.portAllocations({ where: { worktreePath }, first: 1_000 });
  const nearest = nearestWord(
    serviceName,
    allocations.map((each) => each.serviceName),
  );
  const hint = nearest === null ? '' : ` The nearest that has one is ${JSON.stringify(nearest)}.`;
  const place = worktreePath === undefined ? '' : ` in ${worktreePath}`;
  const fact = `No service ${JSON.stringify(serviceName)} has a port${place}: allocate one first.`;
  return new RegistryError(`${fact}${hint}`, 'NOT_FOUND');
}

/**
 * Configuration of a service beside the others of its place: the worktree's, else the codebase's, else the
 * conversation's. Where it has no port there, of the service alone, wherever it is.
 */
export async function configOf(
  { serviceName, format }: ConfigArguments,
  client: RegistryClient,
  place: CommandPlace,
): Promise<RenderedConfig> {
  const around = surroundings(place);
  const everywhere = { serviceName, ...(place.host !== null && { host: place.host }) };
  if (around === null) return client.portConfig({ where: everywhere, format });
  try {
    return await client.portConfig({ where: around, format, service: serviceName });
  } catch (error) {
    if (!['NOT_FOUND', 'INVALID_INPUT'].includes(String(Object(error).code))) throw error;
    return client.portConfig({ where: everywhere, format });
  }
}

function surroundings({ worktreePath, codebaseId, conversationId, host }: CommandPlace): AllocationFilter | null {
  const onHost = host === null ? {} : { host };
  if (worktreePath !== null) return { worktreePath, ...onHost };
  if (codebaseId !== null) return { codebaseId, ...onHost };
  return conversationId === null ? null : { conversationId, ...onHost };
}

const languages: Readonly<Record<ConfigFormat, string>> = {
  DOCKER_COMPOSE: 'yaml',
  DOTENV: 'dotenv',
  EXPRESS: 'js',
  JSON: 'json',
  MARKDOWN: 'markdown',
  NEXT: 'json',
  SHELL: 'sh',
  VITE: 'js',
};
