import type { Command } from 'commander';
import type { RegistryClient } from '../client/client.ts';
import { isPortManagementEnabled } from '../commands/is-enabled.ts';
import { createOutput, type Output } from './output.ts';
import type { PlaceFlags } from './session.ts';

/** What a command that asks a registry works with. */
export interface Session {
  readonly client: RegistryClient;
  readonly output: Output;
}

interface FlagChoice {
  /** Whether it matters for whom the command is given. */
  readonly place: boolean;
  /** Default: true. */
  readonly json?: boolean;
}

/** Adds the flags that all commands share, unless the command has one of the name already. */
export function addRegistryFlags(command: Command, { place, json = true }: FlagChoice): Command {
  const taken = new Set(command.options.map(({ long }) => long));
  const add = (flags: string, description: string) => {
    if (!taken.has(flags.split(' ')[0])) command.option(flags, description);
  };
  if (place) {
    add('--worktree <path>', 'the worktree it is about (default: the one around the current directory)');
    add('--codebase <id>', "the codebase it is about (default: the registered one of the worktree's repository)");
    add('--conversation <id>', 'the conversation on whose behalf it is');
  }
  add('--host <name>', 'the host whose ports it is about (default: the one that the server observes)');
  add('--url <url>', 'where the registry is (WHARFINGER_URL, default http://127.0.0.1:4280/graphql)');
  add('--token <token>', "the server's token (WHARFINGER_TOKEN)");
  if (json) add('--json', 'print JSON');
  return command.helpOption('-h, --help', 'Print this help.');
}

/** What commands say instead of doing anything. */
export const switchedOff =
  'Port management is switched off (ENABLE_PORT_MANAGEMENT=false), so nothing was asked or changed.';

/** Does something with a client, which is closed afterwards; nothing where port management is switched off. */
export async function withRegistry(flags: PlaceFlags, act: (session: Session) => Promise<void>): Promise<void> {
  const output = openOutput();
  if (!isPortManagementEnabled(process.env)) {
    if (flags.json) output.json({ code: 'SWITCHED_OFF', message: switchedOff });
    else output.note(switchedOff);
    return;
  }
  const { openClient } = await import('./session.ts'); // not before it is needed: the client takes its time to load
  const client = openClient(flags, process.env);
  try {
    await act({ client, output });
  } catch (error) {
    const { Refused, showRefusal } = await import('./refused.ts');
    if (!(error instanceof Refused)) throw error;
    showRefusal(error.refusal, output, flags);
  } finally {
    await client.close();
  }
}

/** The process's own streams. */
export const openOutput = (): Output => createOutput(process, process.env);

/** `Examples:` as help shows them, after the options. */
export const examplesHelp = (examples: readonly string[]): string =>
  ['', 'Examples:', ...examples.map((example) => `  $ wharfinger ${example}`)].join('\n');
