import { environments } from './choices.ts';
import type { CommandDescription, GivenArguments, Parameter } from './command.ts';
import { nearestWord } from './nearest-word.ts';
import { usageOf } from './usage.ts';
import { UsageError } from './usage-error.ts';

/** What was given, by the names of the command's words and flags. Each throws a UsageError where it does not fit. */
export interface ArgumentReader {
  /** A word that must be there. */
  text(name: string): string;
  /** A word's or a flag's text; null where it was left out. */
  optionalText(name: string): string | null;
  /** A port that must be there. */
  port(name: string): number;
  optionalPort(name: string): number | null;
  /** What a word stands for in the table, in whatever case; null where it was left out. */
  choice<Value>(name: string, table: Readonly<Record<string, Value>>): Value | null;
  isSet(flag: string): boolean;
  /** The file's text; empty where none was given. */
  readonly fileText: string;
  /** The words, as they were typed. */
  readonly words: readonly string[];
  /** The error of arguments that do not fit together. */
  misuse(message: string, nearest?: string | null): UsageError;
}

const highestPort = 65_535;

/** Makes sure that a command takes as many words and these flags. */
export function readArguments(command: CommandDescription, given: GivenArguments): ArgumentReader {
  const misuse = (message: string, nearest: string | null = null) => new UsageError(message, usageOf(command), nearest);
  checkFlags(command, given, misuse);
  checkWords(command, given, misuse);

  const optionalText = (name: string) => {
    const value = given.flags[name] ?? given.words[command.words.findIndex((word) => word.name === name)];
    return typeof value === 'string' ? value : null;
  };
  const text = (name: string) => {
    const value = optionalText(name);
    if (value === null) throw misuse(`It takes ${articled(name)}.`);
    return value;
  };
  const asPort = (value: string) => {
    const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
    if (port < 1 || port > highestPort) {
      throw misuse(`${quoted(value)} is no port: it takes a number from 1 to ${highestPort}.`);
    }
    return port;
  };
  return {
    text,
    optionalText,
    port: (name) => asPort(text(name)),
    optionalPort: (name) => {
      const value = optionalText(name);
      return value === null ? null : asPort(value);
    },
    choice: (name, table) => {
      const value = optionalText(name);
      if (value === null) return null;
      const key = value.toLowerCase();
      const chosen = Object.hasOwn(table, key) ? table[key] : undefined;
      if (chosen !== undefined) return chosen;
      const parameter = [...command.words, ...command.flags].find((each) => each.name === name);
      const takes = parameter?.values ?? Object.keys(table);
      if (takes.length === 1) throw misuse(`It takes ${takes[0]}, and no ${quoted(value)}.`);
      throw misuse(
        `${quoted(value)} is no ${name}: it takes ${listed(takes)}.`,
        nearestWord(value, Object.keys(table)),
      );
    },
    isSet: (flag) => given.flags[flag] !== undefined,
    fileText: given.text ?? '',
    words: given.words,
    misuse,
  };
}

type Misuse = (message: string, nearest?: string | null) => UsageError;

function checkWords({ words, flags, name }: CommandDescription, given: GivenArguments, misuse: Misuse): void {
  const missing = words.filter((word, index) => word.isRequired && !given.words[index]);
  if (missing.length > 0)
    throw misuse(
      `${name} takes ${listed(
        missing.map((word) => articled(word.name)),
        'and',
      )}.`,
    );
  const surplus = given.words[words.length];
  if (surplus === undefined) return;
  const isEnvironment = Object.hasOwn(environments, surplus.toLowerCase());
  const isFlags = isEnvironment && flags.some((flag) => flag.name === 'environment');
  throw misuse(`${name} takes no ${quoted(surplus)}.`, isFlags ? `--environment ${surplus}` : null);
}

function checkFlags({ name, flags }: CommandDescription, given: GivenArguments, misuse: Misuse): void {
  for (const [flag, value] of Object.entries(given.flags)) {
    const known = flags.find((each) => each.name === flag);
    if (!known) throw unknownFlag(name, flag, flags, misuse);
    if (known.takes && (value === true || value === '')) throw misuse(`--${flag} takes ${articled(known.takes)}.`);
    if (!known.takes && value !== true) throw misuse(`--${flag} takes no value.`);
  }
}

function unknownFlag(name: string, flag: string, flags: readonly Parameter[], misuse: Misuse): UsageError {
  const nearest = nearestWord(
    flag,
    flags.map((each) => each.name),
  );
  return misuse(`${name} knows no flag ${quoted(`--${flag}`)}.`, nearest && `--${nearest}`);
}

const longestQuotation = 60;

/** What was typed, no longer than a line and on one. */
const quoted = (text: string) =>
  JSON.stringify(text.length > longestQuotation ? `${text.slice(0, longestQuotation)}…` : text);

const articled = (noun: string) => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/** `dev, test or production` */
function listed(items: readonly string[], last = 'or'): string {
  const head = items.slice(0, -1).join(', ');
  return head ? `${head} ${last} ${items.at(-1)}` : (items[0] ?? '');
}
