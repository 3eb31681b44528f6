import type { CommandDescription, Parameter } from './command.ts';

/** The command's name and what it takes, on one line: `check <port>`. */
export function usageOf({ name, words, synopsis, flags, textDescription }: CommandDescription): string {
  const parts = words.map((word) => (word.isRequired ? `<${word.name}>` : `[${choiceOf(word) ?? word.name}]`));
  const options = flags.map((flag) => `[${flagUsage(flag)}]`);
  const text = textDescription ? [`<${textDescription}>`] : [];
  return [name, ...(synopsis ? [synopsis] : parts), ...options, ...text].join(' ');
}

/** A flag with what is to follow it: `--environment dev|test|production`. */
export function flagUsage(flag: Parameter): string {
  return flag.takes ? `--${flag.name} ${choiceOf(flag) ?? flag.takes}` : `--${flag.name}`;
}

/** The values themselves, where they are few. */
const choiceOf = ({ values }: Parameter) => (values && values.length < 4 ? values.join('|') : null);
