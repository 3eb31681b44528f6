/** What changes the direction of text, or is not to be seen, and so can make a message look like another one. */
const unseen = /(?![\n\r\t])\p{Cc}|[\u2028\u2029\p{Bidi_Control}\u200B\u2060\uFEFF\u{E0000}-\u{E007F}]/gu;

const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(unseen, '').trim();

/**
 * Text that came from somewhere else, on one line, as markdown that shows it as it is: no image, no link, no tag, no
 * mention. An underscore inside of a word means nothing to markdown, and stays.
 */
export function prose(text: string | number): string {
  return onOneLine(String(text))
    .replaceAll(/[\\`*[\]<>|~!]|&(?=[#\w])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^[#+-]/gu, '\\$&')
    .replaceAll('@', '@\u200B'); // no chat has an escape for it
}

/** As code, whatever backticks are in it. */
export function code(text: string | number): string {
  const line = onOneLine(String(text));
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** Several lines as code, without what is not to be seen. */
export function codeBlock(content: string, language = ''): string {
  const text = content.replaceAll(unseen, '');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Text, unless it is said to be code. */
type Cell = string | number | { readonly code: string };

/** A table. Cells are text, and stay on one line. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

// A bar ends a cell inside of code too.
const cell = (content: Cell) =>
  typeof content === 'object' ? code(content.code).replaceAll('|', '\\|') : prose(content);

/** A list of markdown, without what is null. */
export const bullets = (items: readonly (string | null)[]): string =>
  items
    .filter((item) => item !== null)
    .map((item) => `- ${item}`)
    .join('\n');

/** Blocks of markdown with an empty line between them, without what is null or empty. */
export const paragraphs = (blocks: readonly (string | null)[]): string => blocks.filter(Boolean).join('\n\n');
