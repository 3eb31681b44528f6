import { resolve } from 'node:path';
import type { Command as Program } from 'commander';
import { isRefusal } from '../client/refusal.ts';
import type { Command, CommandDescription, CommandPlace, GivenArguments, Parameter } from '../commands/command.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageMistake } from './fail.ts';
import type { Output } from './output.ts';
import { readText } from './read-text.ts';
import { Refused, type ToldRefusal } from './refused.ts';
import { addRegistryFlags, examplesHelp, type Session, withRegistry } from './registry-command.ts';
import type { PlaceFlags } from './session.ts';

/** A result that is none of the refusals: these are all shown in the same way. */
export type Granted<Result> = Exclude<Result, { readonly code: string }>;

/** How a command of the chat is shown in a terminal. */
export interface TerminalForm<Args, Result> {
  /** Whether it matters for whom the command is given. Default: true. */
  readonly place?: boolean;
  show(result: Granted<Result>, output: Output, args: Args): void;
  /** Whether the result means that something is wrong: then the exit code is 1. Default: never. */
  isWrong?(result: Granted<Result>, args: Args): boolean;
}

/** What a terminal does where it can do more than a chat. */
interface TerminalAction<Args, Result> extends TerminalForm<Args, Result> {
  run(args: Args, session: Session & { readonly place: CommandPlace }): Promise<Result>;
}

/** A command as far as it says what it takes. */
export type ParsedCommand<Args> = CommandDescription & Pick<Command<Args>, 'parse'>;

/** Adds a command that the chat has too: the same arguments, the same effect, shown for a terminal. */
export const addShared = <Args, Result>(
  program: Program,
  shared: Command<Args, Result>,
  form: TerminalForm<Args, Result>,
): Program => addTerminal(program, shared, { ...form, run: shared.run });

/** Adds a command that does something of its own. One that is another's has that one's name before its own. */
export function addTerminal<Args, Result>(
  program: Program,
  shared: ParsedCommand<Args>,
  { place = true, run, show, isWrong }: TerminalAction<Args, Result>,
): Program {
  const command = program.command(shared.name.split(' ').at(-1) ?? shared.name).description(shared.summary);
  for (const word of shared.words) {
    command.argument(word.isRequired ? `<${word.name}>` : `[${word.name}]`, describe(word));
  }
  if (shared.textDescription) command.argument('<file>', `${shared.textDescription}; - for standard input`);
  for (const flag of shared.flags) command.option(flagOf(flag), describe(flag));
  addRegistryFlags(command, { place });
  command.addHelpText('after', examplesHelp(examplesOf(shared)));
  command.action(async () => {
    const flags = command.optsWithGlobals<PlaceFlags>();
    await withRegistry(flags, async ({ client, output }) => {
      const args = shared.parse(await given(shared, command));
      const { nowhere, readPlace } = await import('./session.ts');
      const where = place ? await readPlace(flags, client) : nowhere(flags);
      const result = await run(args, { client, output, place: where });
      if (isRefused(result)) throw new Refused(result);
      if (flags.json) output.json(result);
      const granted = result as Granted<Result>; // just checked
      if (!flags.json) show(granted, output, args);
      if (isWrong?.(granted, args)) process.exitCode = exitCodes.refused;
    });
  });
  return command;
}

const examplesOf = ({ name, examples, textDescription }: CommandDescription) =>
  examples.map((example) => `${name} ${example}${textDescription ? ' ports.md' : ''}`.trim());

const describe = ({ description, values }: Parameter) =>
  values ? `${description}: ${values.join(', ')}` : description;

/** A switch that is called as one of the place's flags can also say which. */
const placeSwitches: Readonly<Record<string, string>> = { worktree: 'path', codebase: 'id' };

function flagOf({ name, takes }: Parameter): string {
  if (takes) return `--${name} <${takes}>`;
  return placeSwitches[name] ? `--${name} [${placeSwitches[name]}]` : `--${name}`;
}

async function given({ words, flags, textDescription }: CommandDescription, command: Program): Promise<GivenArguments> {
  const values = command.optsWithGlobals<Readonly<Record<string, unknown>>>();
  const named = flags.flatMap(({ name, takes }): [string, string | true][] => {
    const value = values[name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
    if (value === undefined) return [];
    if (!takes || typeof value !== 'string') return [[name, true]];
    return [[name, takes === 'path' ? resolve(value) : value]]; // the server's directory is another
  });
  const typed = command.args;
  const file = typed[words.length] ?? '-';
  const text = textDescription ? await readText(file) : undefined;
  if (text?.trim() === '') throw new UsageMistake(`${file === '-' ? 'Standard input' : file} is empty.`);
  return { words: typed.slice(0, words.length), flags: Object.fromEntries(named), text };
}

const isRefused = (result: unknown): result is ToldRefusal =>
  typeof result === 'object' && result !== null && '__typename' in result && isRefusal(result as ToldRefusal);
