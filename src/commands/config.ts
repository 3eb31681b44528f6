import type {
  AllocationFilter,
  ConfigFormat,
  Environment,
  PortAllocation,
  RegistryClient,
  RenderedConfig,
} from '../client/client.ts';
import { RegistryError } from '../client/errors.ts';
import { configFormats, configFormatWords, environments, environmentWords, wordFor } from './choices.ts';
import { type CommandPlace, defineCommand } from './command.ts';
import { ownerOf } from './describe.ts';
import { code, codeBlock, paragraphs } from './markdown.ts';
import { nearestWord } from './nearest-word.ts';
import { ownerAt } from './owner.ts';
import { quotedWord } from './quoted-word.ts';

export interface ConfigArguments {
  readonly serviceName: string;
  readonly format: ConfigFormat;
  /** Which of the service's ports; null for the development one where there is one. */
  readonly environment: Environment | null;
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
    {
      name: 'environment',
      description: 'which of its ports (default: dev, where it has one)',
      takes: 'environment',
      values: environmentWords,
    },
  ],
  examples: ['web', 'web --format vite', 'api --format docker-compose'],
  read: (given) => ({
    serviceName: given.text('service'),
    format: given.choice('format', configFormats) ?? 'DOTENV',
    environment: given.choice('environment', environments),
  }),
  run: (args, { client, place }) => configOf(args, client, place),
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
 * conversation's. Where it has no port there, of the service alone, if no worktree holds it: what another worktree
 * holds is refused. So is a name that several fit.
 */
export async function configOf(
  args: ConfigArguments,
  client: RegistryClient,
  place: CommandPlace,
): Promise<RenderedConfig> {
  const { serviceName, format } = args;
  const around = surroundings(place);
  const here = around && (await configAmong(args, around, client));
  if (here) return here;

  const onHost = place.host === null ? {} : { host: place.host };
  const { allocations } = await client.portAllocations({ where: { ...onHost, serviceName }, first: 1_000 });
  const [anywhere] = allocations;
  if (!anywhere) throw await unknownService(serviceName, client);
  const others = around === null ? allocations : allocations.filter(({ worktree }) => worktree === null);
  if (others.length === 0) throw elsewhere(anywhere);
  const own = others.filter(({ codebase }) => codebase !== null && codebase.id === place.codebaseId);
  const one = theOne(args, own.length > 0 ? own : others);
  return client.portConfig({ where: { host: one.host.name, ports: [one.port] }, format });
}

/**
 * Configuration of a service beside the others of its environment that match; null where none that matches has its
 * name, and refused where several have.
 */
export async function configAmong(
  args: ConfigArguments,
  around: AllocationFilter,
  client: RegistryClient,
): Promise<RenderedConfig | null> {
  const { serviceName, format } = args;
  const { allocations } = await client.portAllocations({ where: { ...around, serviceName }, first: 1_000 });
  if (allocations.length === 0) return null;
  const { environment, worktree, host } = theOne(args, allocations);
  const where = { ...around, host: host.name, environments: [environment] };
  // Beside a worktree's service stand the others of that worktree, also where the codebase is asked about.
  return client.portConfig({
    where: { ...where, ...(worktree && { worktreePath: worktree.path }) },
    format,
    service: serviceName,
  });
}

/** The service that is meant: the development one, unless another environment is asked for or has it alone. */
function theOne({ serviceName, environment }: ConfigArguments, found: readonly PortAllocation[]): PortAllocation {
  const wanted = found.filter((each) => each.environment === (environment ?? 'DEV'));
  const fitting = wanted.length > 0 || environment !== null ? wanted : found;
  const [one, another] = fitting;
  const quoted = JSON.stringify(serviceName);
  if (!one) {
    const has = [...new Set(found.map((each) => wordFor(each.environment)))].join(' and ');
    const fact = `The service ${quoted} has no ${wordFor(environment ?? 'DEV')} port, but one for ${has}`;
    throw new RegistryError(`${fact}: name that with --environment, or allocate one first.`, 'NOT_FOUND');
  }
  if (!another) return one;
  const listed = fitting.slice(0, mostListed).map((each) => {
    return `${wordFor(each.environment)} port ${each.port} of ${ownerOf(each)}`;
  });
  const more = fitting.length > mostListed ? ` and ${fitting.length - mostListed} more` : '';
  const differInEnvironment = fitting.some((each) => each.environment !== one.environment);
  const remedy = differInEnvironment ? 'add --environment' : 'ask in the worktree, or the codebase, that it is of';
  throw new RegistryError(
    `${fitting.length} services are called ${quoted}: ${listed.join('; ')}${more}. To say which, ${remedy}.`,
    'INVALID_INPUT',
  );
}

const mostListed = 5;

function elsewhere(held: PortAllocation): RegistryError {
  const { serviceName, port } = held;
  return new RegistryError(
    `The service ${JSON.stringify(serviceName)} has no port here: ${ownerOf(held)} holds ${port} for its own. Allocate one here first.`,
    'NOT_FOUND',
    { next: `allocate ${quotedWord(serviceName)}` },
  );
}

/** What is at a place, as a claim is made there; null where nothing is known of it. */
function surroundings(place: CommandPlace): AllocationFilter | null {
  const { worktreePath, codebaseId, conversationId } = ownerAt(place);
  const onHost = place.host === null ? {} : { host: place.host };
  if (worktreePath) return { worktreePath, ...onHost };
  if (codebaseId) return { codebaseId, ...onHost };
  return conversationId ? { conversationId, ...onHost } : null;
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
