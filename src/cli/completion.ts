import type { Command, Option } from 'commander';

const shells = { bash, zsh, fish } as const;

const help = `
Prints a script for the shell to read:
  bash  eval "$(wharfinger completion bash)"                      in ~/.bashrc
  zsh   eval "$(wharfinger completion zsh)"                       in ~/.zshrc, after compinit
  fish  wharfinger completion fish > ~/.config/fish/completions/wharfinger.fish`;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print what makes a shell complete the commands and their flags.')
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', help)
    .addArgument(program.createArgument('<shell>', 'which one').choices(Object.keys(shells)))
    .action((shell: keyof typeof shells) => {
      process.stdout.write(shells[shell](program));
    });
}

const namesOf = ({ commands }: Command) => commands.map((command) => command.name());
const flagsOf = (command: Command) =>
  optionsOf(command)
    .flatMap(({ long }) => long ?? [])
    .concat('--help');

/** Also those of what a command like `hooks` consists of, each once. */
function optionsOf({ options, commands }: Command): Option[] {
  const all = [...options, ...commands.flatMap(optionsOf)];
  return all.filter(({ long }, index) => all.findIndex((other) => other.long === long) === index);
}

/** In single quotes, as bash and zsh read it. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function bash(program: Command): string {
  const cases = program.commands.map(
    (command) => `    ${command.name()}) words=${quote([...namesOf(command), ...flagsOf(command)].join(' '))} ;;`,
  );
  return `_wharfinger() {
  local words=''
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words=${quote([...namesOf(program), '--help', '--version'].join(' '))}; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _wharfinger wharfinger
`;
}

function zsh(program: Command): string {
  const names = program.commands.map((command) => quote(`${command.name()}:${command.description()}`));
  const cases = program.commands.map((command) => {
    const specs = optionsOf(command).map(zshSpec);
    const words = [...specs, ...zshCommands(command), '*:word:_files'].map(quote);
    return `    ${command.name()}) _arguments ${words.join(' ')} ;;`;
  });
  return `#compdef wharfinger
_wharfinger() {
  local -a names=(${names.join(' ')})
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
compdef _wharfinger wharfinger
`;
}

/** The commands within a command; one like `import` takes files in their place. */
function zshCommands(command: Command): string[] {
  const names = namesOf(command).join(' ');
  if (names === '') return [];
  return [takesWords(command) ? `1:word:{compadd -- ${names}; _files}` : `1:command:(${names})`];
}

const takesWords = ({ registeredArguments }: Command) => registeredArguments.length > 0;

/** `--format[what it looks like]:value:_files` */
function zshSpec({ long, description, required, optional }: Option): string {
  const told = `${long ?? ''}[${description.replaceAll(/[[\]\\:]/g, '\\$&')}]`;
  return required || optional ? `${told}:value:_files` : told;
}

function fish(program: Command): string {
  const lines = program.commands.flatMap((command) => {
    const after = `complete -c wharfinger -n ${fishQuote(`__fish_seen_subcommand_from ${command.name()}`)}`;
    return [
      `complete -c wharfinger -n __fish_use_subcommand -f -a ${command.name()} -d ${fishQuote(command.description())}`,
      ...command.commands.map(
        (each) => `${after}${takesWords(command) ? '' : ' -f'} -a ${each.name()} -d ${fishQuote(each.description())}`,
      ),
      ...optionsOf(command).map(
        ({ long, description, required }) =>
          `${after} -l ${long?.slice(2)} -d ${fishQuote(description)}${required ? ' -r' : ''}`,
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** Fish escapes quotation marks and backslashes inside of single quotes. */
const fishQuote = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
