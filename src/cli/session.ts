import { type Codebase, createRegistryClient, type RegistryClient } from '../client/client.ts';
import type { CommandPlace } from '../commands/command.ts';
import { UsageMistake } from './fail.ts';
import { codebaseOf, type FoundPlace, findPlace } from './place.ts';
import { send } from './send.ts';

/** What every command that talks to a registry takes. */
export interface PlaceFlags {
  readonly worktree?: string | true;
  readonly codebase?: string | true;
  readonly conversation?: string;
  readonly host?: string;
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Where a command is given, and on whose behalf: found from the current directory, or said by flags. */
export interface Place extends FoundPlace, CommandPlace {
  readonly worktreePath: string;
  readonly branch: string | null;
}

/** For commands that are not on anybody's behalf. */
export const nowhere = ({ host = null }: { readonly host?: string | null }): CommandPlace => ({
  conversationId: null,
  codebaseId: null,
  worktreePath: null,
  branch: null,
  cwd: null,
  host,
});

/** A machine that is busy enough to start commands takes its time to answer; one that is not there says so at once. */
const timeoutMs = 30_000;

/** Node's errors about them would show the token. */
const notOfHeaders = /[^\t\x20-\x7e\x80-\xff]/;

/** A client for the registry that flags or environment name. Nothing is sent yet. */
export function openClient({ url, token }: PlaceFlags, environment: NodeJS.ProcessEnv): RegistryClient {
  const { WHARFINGER_URL, WHARFINGER_TOKEN } = environment;
  // An empty variable counts as not given.
  const where = url ?? (WHARFINGER_URL || undefined);
  const secret = (token ?? WHARFINGER_TOKEN)?.trim();
  if (secret && notOfHeaders.test(secret)) {
    const name = token === undefined ? 'WHARFINGER_TOKEN' : '--token';
    throw new UsageMistake(
      `${name} has characters that no header takes, such as a line break: give it as the server has it.`,
    );
  }
  try {
    return createRegistryClient({ url: where, token: secret, timeoutMs, fetch: send });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageMistake(error.message); // no URL
    throw error;
  }
}

export async function readPlace(flags: PlaceFlags, client: RegistryClient): Promise<Place> {
  const cwd = process.cwd();
  // Without a value, a flag of these names is a switch of the command.
  const { worktree, codebase } = flags;
  const found = await findPlace(typeof worktree === 'string' ? worktree : cwd);
  return {
    ...found,
    codebaseId:
      typeof codebase === 'string' ? await knownCodebase(codebase, client) : await findCodebase(found, client),
    conversationId: flags.conversation ?? null,
    host: flags.host ?? null,
    cwd,
  };
}

const largestPage = 1_000;

/** Makes sure that a codebase is registered: a claim for one of a mistyped id would be nobody's to find. */
async function knownCodebase(id: string, client: RegistryClient): Promise<string> {
  if ((await client.codebase({ id })) !== null) return id;
  const known = await client.codebases({ first: mostNamed + 1 });
  const named = known.slice(0, mostNamed).map((each) => each.id);
  const more = known.length > mostNamed ? ' and others' : '';
  const which = named.length > 0 ? `it knows ${named.join(', ')}${more}` : 'it knows none yet';
  throw new UsageMistake(
    `The registry knows no codebase ${JSON.stringify(id)}: ${which}. The query codebases shows them all.`,
  );
}

const mostNamed = 10;

async function findCodebase(found: FoundPlace, client: RegistryClient): Promise<string | null> {
  const known: Codebase[] = [];
  for (let page: readonly Codebase[] | undefined; !page || page.length === largestPage; ) {
    page = await client.codebases({ first: largestPage, skip: known.length }); // each after the one before it
    known.push(...page);
  }
  return codebaseOf(found, known)?.id ?? null;
}
