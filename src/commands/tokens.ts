import type { CommandDescription, GivenArguments } from './command.ts';

/** A word as it was typed, without its quotes. */
export interface Token {
  readonly text: string;
  /** Whether it begins with a quote: then it is no flag. */
  readonly isQuoted: boolean;
}

/**
 * Words between white space, which quotes keep together: `'a b'`, `"a \" b"`, `--flag="a b"`. A quote that is never
 * closed reaches to the end. Typographic quotes and dashes, which phones put in, count as the plain ones.
 */
export function tokenize(text: string): Token[] {
  const plain = text
    .replaceAll(/[“”„]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/(^|\s)[—–](?=\w)/g, '$1--');
  const tokens = plain.match(/(?:"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|'[^']*(?:'|$)|[^\s"'])+/g) ?? [];
  return tokens.map((token) => ({ text: unquoted(token), isQuoted: /^["']/.test(token) }));
}

function unquoted(token: string): string {
  return token.replaceAll(
    /"((?:\\[\s\S]|[^"\\])*)(?:"|\\?$)|'([^']*)(?:'|$)/g,
    (_, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replaceAll(/\\([\s\S])/g, '$1'),
  );
}

/** Sorts words and flags. A flag's value is what follows `=`, or the next word where the command's flag takes one. */
export function giveArguments(command: CommandDescription, tokens: readonly Token[]): GivenArguments {
  const words: string[] = [];
  const flags: [string, string | true][] = [];
  let awaiting: string | null = null;
  for (const { text, isQuoted } of tokens) {
    const [, name, value] = (!isQuoted && /^--([^=]+)(?:=([\s\S]*))?$/.exec(text)) || [];
    if (name !== undefined) {
      const flag = name.toLowerCase();
      flags.push([flag, value ?? true]);
      const takesValue = command.flags.some((each) => each.name === flag && each.takes !== undefined);
      awaiting = takesValue && value === undefined ? flag : null;
    } else if (awaiting === null) {
      words.push(text);
    } else {
      flags.push([awaiting, text]);
      awaiting = null;
    }
  }
  return { words, flags: Object.fromEntries(flags) };
}
