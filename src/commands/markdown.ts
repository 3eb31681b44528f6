/** Text on one line that markdown takes for nothing but text in a cell or a sentence. */
const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** As code, whatever backticks are in it. */
export function code(text: string | number): string {
  const line = onOneLine(String(text));
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** Several lines as code. */
export function codeBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** A table. Cells are text, and stay on one line. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

const cell = (text: string | number) => onOneLine(String(text)).replaceAll(/[\\|]/g, '\\$&');

/** A list, without what is null. */
export const bullets = (items: readonly (string | null)[]): string =>
  items
    .filter((item) => item !== null)
    .map((item) => `- ${onOneLine(item)}`)
    .join('\n');

/** Blocks with an empty line between them, without what is null or empty. */
export const paragraphs = (blocks: readonly (string | null)[]): string => blocks.filter(Boolean).join('\n\n');
