import type { CommandDescription, Parameter } from './command.ts';

/** The command's name and what it takes, on one line: `check <port>`. */
export function usageOf({ name, words, flags, textDescription }: CommandDescription): string {
  const parts = words.map((word) => (word.isRequired ? `<${word.name}>` : `[${wordTake(word)}]`));
  const options = flags.map((flag) => `[--${flag.name}${flag.takes ? ` ${flag.takes}` : ''}]`);
  const text = textDescription ? [`<${textDescription}>`] : [];
  return [name, ...parts, ...options, ...text].join(' ');
}

const wordTake = ({ name, values }: Parameter) => (values && values.length < 4 ? values.join('|') : name);
