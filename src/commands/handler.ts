import type { RegistryClient } from '../client/client.ts';
import { RegistryError } from '../client/errors.ts';
import type { Command, CommandPlace, GivenArguments, Rendered } from './command.ts';
import { chatCommands } from './help.ts';
import { isPortManagementEnabled } from './is-enabled.ts';
import { code, paragraphs } from './markdown.ts';
import { nearestWord } from './nearest-word.ts';
import { type PlaceFunctions, placeFunctions } from './place-functions.ts';
import { renderError, renderSwitchedOff, switchedOff } from './render-error.ts';
import { giveArguments, tokenize } from './tokens.ts';
import { answerCreated, answerRemoved, type WorktreeAnswer } from './worktree-answers.ts';
import type { CreatedWorktree, RemovedWorktree } from './worktree-notices.ts';

/** What a chat's command handler answers. */
export interface CommandResult {
  /** False where nothing came of it: a mistake, a refusal, or an unreachable registry. */
  readonly success: boolean;
  /** In the markdown of chats. */
  readonly message: string;
  /** True where something in the registry changed; absent otherwise. */
  readonly modified?: boolean;
}

/** The conversation that a command was given in. What is missing, null or empty is unknown. */
export type ChatContext = Partial<CommandPlace>;

export interface PortCommandOptions {
  /** Whether there is port management at all. Default: unless ENABLE_PORT_MANAGEMENT says false. */
  readonly enabled?: boolean;
  /** The host whose ports the commands are about, unless the context says. Default: the one that the server observes. */
  readonly host?: string;
}

export interface PortCommandHandler {
  /** Whether a message is for this handler: it begins with `/port-`. */
  handles(text: string): boolean;
  /**
   * Carries out a message such as `/port-allocate web dev 8100`. Never throws: a mistake, a refusal and a registry
   * that does not answer are results too.
   */
  handle(text: string, context?: ChatContext | null): Promise<CommandResult>;
  /**
   * To be called when a worktree was made: gives it a port, and answers the message for the chat. Without a port,
   * if the registry does not answer: that never throws and is no failure.
   */
  worktreeCreated(worktree: CreatedWorktree): Promise<WorktreeAnswer>;
  /** To be called when a worktree was removed: releases what it held, and answers the message for the chat. Never throws. */
  worktreeRemoved(worktree: RemovedWorktree): Promise<WorktreeAnswer>;
  /**
   * What an agent's own code calls, on behalf of a conversation. Without port management, all of it throws a
   * RegistryError with the code SWITCHED_OFF.
   */
  at(context?: ChatContext | null): PlaceFunctions;
}

/**
 * The slash commands of a chat, on the registry of a client.
 *
 * @example
 * const ports = createPortCommandHandler(createRegistryClient());
 * if (ports.handles(text)) {
 *   const { success, message, modified } = await ports.handle(text, {
 *     conversationId: conversation.id,
 *     codebaseId: conversation.codebase_id,
 *     worktreePath: conversation.worktree_path,
 *     cwd: conversation.cwd,
 *   });
 * }
 */
export function createPortCommandHandler(client: RegistryClient, options: PortCommandOptions = {}): PortCommandHandler {
  const { enabled = isPortManagementEnabled(), host } = options;
  return {
    handles: (text) => isText(text) && commandPattern.test(text),
    async handle(text, context) {
      const [, typed, rest = ''] = (isText(text) && commandPattern.exec(text)) || [];
      if (typed === undefined) return noCommand;
      if (!enabled) return asResult(renderSwitchedOff());
      const command = chatCommands.find(({ name }) => name === typed.toLowerCase());
      if (!command) return unknownCommand(typed);
      try {
        const args = command.parse(argumentsOf(command, rest));
        const result = await command.run(args, { client, place: placeOf(context, host) });
        return asResult(command.toMarkdown(result, args));
      } catch (error) {
        return asResult(renderError(error, command.name));
      }
    },
    worktreeCreated: (worktree) => answerCreated(client, { host, ...worktree }, enabled),
    worktreeRemoved: (worktree) => answerRemoved(client, { host, ...worktree }, enabled),
    at: (context) => (enabled ? placeFunctions(client, placeOf(context, host)) : nothing),
  };
}

/** `/port-list`, and `/port-list@bot` of a chat in which bots are called by name. */
const commandPattern = /^\s*\/port-([^\s"'@]*)(?:@\w*)?([\s\S]*)$/i;

/** A caller without types may hand over anything. */
const isText = (text: unknown) => typeof text === 'string';

const refuse = async () => {
  throw new RegistryError(switchedOff, 'SWITCHED_OFF');
};
const nothing: PlaceFunctions = {
  getRecommendedPort: refuse,
  reservePortForService: refuse,
  generatePortConfig: refuse,
};

const noCommand: CommandResult = {
  success: false,
  message: `That is no port command: they begin with ${code('/port-')}. ${code('/port-help')} shows them.`,
};

function unknownCommand(typed: string): CommandResult {
  const names = chatCommands.map(({ name }) => name);
  const nearest = nearestWord(typed, names);
  const fact = `There is no command ${code(`/port-${typed.slice(0, 40)}`)}.`;
  const all = `The commands are ${names.map((name) => code(`/port-${name}`)).join(', ')}.`;
  const hint = nearest ? `${fact} Did you mean ${code(`/port-${nearest}`)}?` : fact;
  return { success: false, message: paragraphs([hint, all]) };
}

/** A command that takes a file's text finds it after the first line; of the others, every line holds arguments. */
function argumentsOf(command: Command, rest: string): GivenArguments {
  if (command.textDescription === undefined) return giveArguments(command, tokenize(rest));
  const [, firstLine = '', text = ''] = /^([^\n]*)\n?([\s\S]*)$/.exec(rest) ?? [];
  return { ...giveArguments(command, tokenize(firstLine)), text: withoutFence(text) };
}

/** What stands between the lines ``` of a chat, the last of which may be missing, or the text as it is. */
function withoutFence(text: string): string {
  const [first = '', ...inside] = text.trim().split('\n');
  const fence = ['```', '~~~'].find((each) => first.startsWith(each));
  if (fence === undefined) return text;
  const isClosed = inside.at(-1)?.endsWith(fence) ?? false;
  const last =
    inside
      .at(-1)
      ?.slice(0, -fence.length)
      .replace(/^[`~]+$/, '') ?? '';
  return (isClosed ? [...inside.slice(0, -1), ...(last ? [last] : [])] : inside).join('\n');
}

function placeOf(context: ChatContext | null | undefined, defaultHost: string | undefined): CommandPlace {
  const known = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    conversationId: known(context?.conversationId),
    codebaseId: known(context?.codebaseId),
    worktreePath: known(context?.worktreePath),
    branch: known(context?.branch),
    cwd: known(context?.cwd),
    host: known(context?.host) ?? defaultHost ?? null,
  };
}

const asResult = ({ success, message, modified }: Rendered): CommandResult => ({
  success,
  message,
  ...(modified && { modified }),
});
