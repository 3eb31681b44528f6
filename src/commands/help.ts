import { type Command, type CommandDescription, defineCommand, type Parameter } from './command.ts';
import { commands } from './commands.ts';
import { bullets, code, paragraphs, table } from './markdown.ts';
import { nearestWord } from './nearest-word.ts';
import { flagUsage, usageOf } from './usage.ts';

interface HelpArguments {
  /** A command's name; null for all of them. */
  readonly command: string | null;
}

const words = {
  name: 'help',
  summary: 'Show the commands, or what one of them takes.',
  words: [{ name: 'command', description: 'which one' }],
  flags: [],
  examples: ['', 'allocate'],
};

const help: Command<HelpArguments, readonly CommandDescription[]> = defineCommand<
  HelpArguments,
  readonly CommandDescription[]
>({
  ...words,
  read(given) {
    const typed =
      given
        .optionalText('command')
        ?.toLowerCase()
        .replace(/^\/?(port-)?/, '') ?? null;
    if (typed === null || chatCommands.some(({ name }) => name === typed)) return { command: typed };
    const nearest = nearestWord(
      typed,
      chatCommands.map(({ name }) => name),
    );
    throw given.misuse(
      `There is no command /port-${typed.slice(0, 40)}.${nearest ? '' : ' /port-help shows all.'}`,
      nearest,
    );
  },
  run: async ({ command }) => chatCommands.filter(({ name }) => command === null || name === command),
  toMarkdown: (described, { command }) => ({
    success: true,
    modified: false,
    message: command === null ? overview(described) : described.map(details).join('\n\n'),
  }),
});

/** The commands of a chat. */
export const chatCommands: readonly Command[] = [...commands, help];

function overview(described: readonly CommandDescription[]): string {
  const rows = described.map((command) => [{ code: `/port-${usageOf(command)}` }, command.summary]);
  return paragraphs([
    '**Port management**',
    table(['Command', 'What it does'], rows),
    `More: ${code('/port-help <command>')}`,
  ]);
}

function details(command: CommandDescription): string {
  const examples = command.examples.map((example) => code(`/port-${command.name} ${example}`));
  return paragraphs([
    `${code(`/port-${usageOf(command)}`)}: ${command.summary}`,
    bullets([
      ...command.words.map((word) => line(word.name, word)),
      ...command.flags.map((flag) => line(flagUsage(flag), flag)),
    ]),
    `Examples: ${examples.join(', ')}`,
  ]);
}

function line(shown: string, { description, values }: Parameter): string {
  const choice = values && !shown.includes(values.join('|')) ? `: ${values.join(', ')}` : '';
  return `${code(shown)}: ${description}${choice}`;
}
