import type { AllocatePortResult, Conflict, Environment, PortAllocation, PortCheck } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { environments, environmentWords, wordFor } from './choices.ts';
import { defineCommand, type Rendered } from './command.ts';
import { ownerOf, warningLines } from './describe.ts';
import { bullets, code, paragraphs } from './markdown.ts';
import { claimAt } from './owner.ts';
import { renderRefusal } from './render-refusal.ts';

export interface AllocateArguments {
  readonly serviceName: string;
  readonly environment: Environment;
  readonly port: number | null;
  /** Take the port though something listens on it, or none. */
  readonly force: boolean;
}

/** With what is known of the port that was asked for, where another one was given. */
export type AllocateResult = AllocatePortResult & { readonly notGiven: PortCheck | null };

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
  async run({ serviceName, environment, port, force }, { client, place }) {
    const { host } = place;
    const wish = force ? { exactPort: port, force } : { preferredPort: port };
    const result = await claimAt(place, environment, (owner) =>
      client.allocatePort({ serviceName, environment, host, owner, ...wish }),
    );
    const isOther = !isRefusal(result) && result.created && port !== null && result.allocation.port !== port;
    return { ...result, notGiven: isOther ? await client.checkPort({ port, host }) : null };
  },
  toMarkdown(result, args) {
    if (isRefusal(result)) return renderRefusal(result, nextSteps(result, args));
    const { allocation, created, notGiven } = result;
    const port = `Port ${allocation.port} for ${code(allocation.serviceName)}`;
    return renderClaim(result, [
      created ? `${port} is allocated.` : `${port} was allocated before, and is yours.`,
      notGiven && `Not ${notGiven.port}: ${notGiven.explanation}`,
    ]);
  },
});

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
        environment === 'PRODUCTION' ? null : `Use: ${code(`PORT=${port} npm run dev`)}`,
      ]),
      warningLines(warnings),
    ]),
  };
}

function nextSteps(
  { code: refusal, ...result }: { readonly code: string; readonly suggestions?: readonly number[] },
  { serviceName, environment }: AllocateArguments,
): string[] {
  const command = `/port-allocate ${quotedWord(serviceName)} ${wordFor(environment)}`;
  const [free] = result.suggestions ?? [];
  if (refusal === 'RANGE_EXHAUSTED') return [`${code('/port-cleanup --dry-run')} says what is no longer used`];
  if (refusal === 'INVALID_INPUT') return [code('/port-help allocate')];
  return [code(free ? `${command} ${free}` : command)];
}

/** A service's name as it is to be typed. */
export const quotedWord = (name: string): string =>
  /^[^\s"'\\-][^\s"'\\]*$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
