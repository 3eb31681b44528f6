import type { RegistryClient } from '../client/client.ts';
import { type ArgumentReader, readArguments } from './read-arguments.ts';

/** Whose command it is: where the caller stands. What is null is unknown. */
export interface CommandPlace {
  /** The caller's own id of the conversation. */
  readonly conversationId: string | null;
  /** The caller's own id of the codebase, which need not be registered. */
  readonly codebaseId: string | null;
  /** The absolute path of the worktree that the caller works in. */
  readonly worktreePath: string | null;
  /** The branch that is checked out in that worktree. */
  readonly branch: string | null;
  /** The absolute path of the directory that the caller works in. */
  readonly cwd: string | null;
  /** The host whose ports it is about; null for the one that the server observes. */
  readonly host: string | null;
}

export interface CommandContext {
  readonly client: RegistryClient;
  readonly place: CommandPlace;
}

/** A word or a flag that a command takes. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** What it can be, where that is a choice; other spellings of these (prod for production) are understood too. */
  readonly values?: readonly string[];
  /** Whether a word must be there. Flags need not. */
  readonly isRequired?: boolean;
  /** What is to follow a flag, as usage lines tell it: `port`, `path`. A flag without it is a switch. */
  readonly takes?: string;
}

/** What was typed after the command's name, unread. */
export interface GivenArguments {
  readonly words: readonly string[];
  /** By name, without dashes; true for a flag without a value. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** A file's text, for a command that takes one. */
  readonly text?: string | undefined;
}

/** What a command is called and takes: enough for its help. */
export interface CommandDescription {
  /** `/port-allocate` in a chat and `wharfinger allocate` in a terminal are both `allocate`. */
  readonly name: string;
  readonly summary: string;
  readonly words: readonly Parameter[];
  /** How usage lines put the words, where these only go together in one way. Default: one after the other. */
  readonly synopsis?: string;
  readonly flags: readonly Parameter[];
  /** Arguments as they may be typed, without the command's name. */
  readonly examples: readonly string[];
  /** What the text that it takes is, where it takes one: what follows the first line in a chat. */
  readonly textDescription?: string;
}

/** What a chat shows. */
export interface Rendered {
  /** False where the command was refused. */
  readonly success: boolean;
  /** In markdown. */
  readonly message: string;
  /** Whether something changed. */
  readonly modified: boolean;
}

interface CommandActions<Args, Result> {
  /** Does it. A refusal is a result; throws what the client throws, and a UsageError where the place lacks what is asked about. */
  run(args: Args, context: CommandContext): Promise<Result>;
  /** For a chat, with the next step. */
  toMarkdown(result: Result, args: Args): Rendered;
}

/** A command: parse → run → render. The result of `run` is plain data, the same for every way of showing it. */
export interface Command<Args = unknown, Result = unknown> extends CommandDescription, CommandActions<Args, Result> {
  /** Throws a UsageError where what was given does not fit. */
  parse(given: GivenArguments): Args;
}

interface CommandDefinition<Args, Result> extends CommandDescription, CommandActions<Args, Result> {
  /** Takes what it needs by name. How many words there are, and that all flags are known, has been checked. */
  read(given: ArgumentReader): Args;
}

export function defineCommand<Args, Result>(definition: CommandDefinition<Args, Result>): Command<Args, Result> {
  const { read, ...command } = definition;
  return { ...command, parse: (given) => read(readArguments(command, given)) };
}
