import type { AllocatePortResult, Conflict, Environment, PortAllocation } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { environments, environmentWords, wordFor } from './choices.ts';
import { type CommandContext, defineCommand, type Rendered } from './command.ts';
import { ownerOf, warningLines } from './describe.ts';
import { bullets, code, paragraphs, prose } from './markdown.ts';
import { claimAt, heldAt } from './owner.ts';
import { quotedWord } from './quoted-word.ts';
import { renderRefusal } from './render-refusal.ts';

export interface AllocateArguments {
  readonly serviceName: string;
  readonly environment: Environment;
  readonly port: number | null;
  /** Take the port though something listens on it, or none. */
  readonly force: boolean;
}

/** With why the port that was asked for was not given, where another one was. */
export type AllocateResult = AllocatePortResult & {
  readonly notGiven: NotGiven | null;
  /** The port that the service has had before, and keeps instead of the one that was asked for. */
  readonly kept: number | null;
};

interface NotGiven {
  readonly port: number;
  readonly explanation: string;
}

export const allocate = defineCommand<AllocateArguments, AllocateResult>({
  name: 'allocate',
  summary: 'Give a service a port; asked again, the same one.',
  words: [
    { name: 'service', description: 'what the service is called', isRequired: true },
    { name: 'environment', description: 'whose range the port is from (default: dev)', values: environmentWords },
    { name: 'port', description: 'taken if it is free; otherwise the next free one is' },
  ],
  flags: [{ name: 'force', description: 'take exactly that port, even though something listens on it' }],
  examples: ['api-server', 'api-server dev 8100', 'web production', 'web dev 8100 --force'],
  read(given) {
    const isPortOnly = given.words.length === 2 && /^\d+$/.test(given.words[1] ?? '');
    const port = given.optionalPort(isPortOnly ? 'environment' : 'port');
    const force = given.isSet('force');
    if (force && port === null) throw given.misuse('--force takes a port: it is about what listens there.');
    const environment = isPortOnly ? null : given.choice('environment', environments);
    return { serviceName: given.text('service'), environment: environment ?? 'DEV', port, force };
  },
  async run({ serviceName, environment, port, force }, context) {
    const { client, place } = context;
    const { host } = place;
    const wish = force ? { exactPort: port, force } : { preferredPort: port };
    const result = await claimAt(context, environment, (owner) =>
      client.allocatePort({ serviceName, environment, host, owner, ...wish }),
    );
    if (isRefusal(result)) {
      const kept = result.__typename === 'InvalidInput' ? await heldAt(context, environment, serviceName) : null;
      return { ...result, notGiven: null, kept: kept?.port ?? null };
    }
    const { created, allocation } = result;
    if (port === null || allocation.port === port) return { ...result, notGiven: null, kept: null };
    if (created) return { ...result, notGiven: await whyNot(port, environment, context), kept: null };
    const explanation = `The service keeps ${allocation.port}: release that first to have another one.`;
    return { ...result, notGiven: { port, explanation }, kept: allocation.port };
  },
  toMarkdown(result, args) {
    if (isRefusal(result)) return renderRefusal(result, nextSteps(result, args));
    const { allocation, created, notGiven, kept } = result;
    const port = `Port ${allocation.port} for ${code(allocation.serviceName)}`;
    return renderClaim(result, [
      created ? `${port} is allocated.` : `${port} was allocated before, and is yours.`,
      notGiven && `Not ${notGiven.port}: ${prose(notGiven.explanation)}`,
      kept === null ? null : bullets(toMove(kept, args)),
    ]);
  },
});

/** Why a port was not given, in the environment that it was asked for. */
async function whyNot(
  port: number,
  environment: Environment,
  { client, place: { host } }: CommandContext,
): Promise<NotGiven> {
  const [ranges, check] = await Promise.all([client.portRanges({ host }), client.checkPort({ port, host })]);
  const range = ranges.find((each) => each.environment === environment);
  if (range && (port < range.start || port > range.end)) {
    return { port, explanation: `It lies outside the ${wordFor(environment)} range ${range.start}-${range.end}.` };
  }
  const isFreeNow = 'It could not be had then, and is free now.';
  return { port, explanation: check.available ? isFreeNow : check.explanation };
}

interface Claim {
  readonly created: boolean;
  readonly allocation: PortAllocation;
  readonly warnings: readonly Conflict[];
}

/** A claim for a chat: what became of it, then what there is to know about it. */
export function renderClaim({ allocation, created, warnings }: Claim, facts: readonly (string | null)[]): Rendered {
  const { port, environment, url } = allocation;
  return {
    success: true,
    modified: created,
    message: paragraphs([
      ...facts,
      bullets([
        `Environment: ${wordFor(environment)}`,
        `Owner: ${code(ownerOf(allocation))}`,
        `URL: ${url}`,
        environment === 'DEV' ? `Use: ${code(`PORT=${port} npm run dev`)}` : null,
      ]),
      warningLines(warnings),
    ]),
  };
}

const commandOf = ({ serviceName, environment }: AllocateArguments) =>
  `/port-allocate ${quotedWord(serviceName)} ${wordFor(environment)}`;

/** How a service that has a port gets the one that it was asked for. */
const toMove = (kept: number, args: AllocateArguments) => [
  `Next: ${code(`/port-release ${kept}`)}, then ${code(`${commandOf(args)} ${args.port}${args.force ? ' --force' : ''}`)}`,
];

interface Refused {
  readonly code: string;
  readonly kept: number | null;
  readonly suggestions?: readonly number[];
}

function nextSteps({ code: refusal, kept, ...result }: Refused, args: AllocateArguments): string[] {
  const command = commandOf(args);
  const [free] = result.suggestions ?? [];
  if (refusal === 'RANGE_EXHAUSTED') return [`${code('/port-cleanup --dry-run')} says what is no longer used`];
  if (kept !== null) return [`${code(`/port-release ${kept}`)} if it is to have another one`];
  if (refusal === 'INVALID_INPUT') return [code('/port-help allocate')];
  return [code(free ? `${command} ${free}` : command)];
}
