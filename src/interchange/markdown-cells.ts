/** The cells of a table's row, as they stand there. A bar after a backslash is none. */
export function splitRow(row: string): string[] {
  const cells = [''];
  for (const [piece] of row.trim().matchAll(/\\[\s\S]?|\||[^\\|]+/g)) {
    if (piece === '|') cells.push('');
    else cells.push(`${cells.pop() ?? ''}${piece}`);
  }
  // The bars at both ends enclose nothing.
  if (cells.length > 1 && cells[0]?.trim() === '') cells.shift();
  if (cells.length > 1 && cells.at(-1)?.trim() === '') cells.pop();
  return cells;
}

/** A cell's text: without the markup that is around all of it, and with what is escaped put back. */
export function readCell(cell: string): string {
  const [, linked = cell.trim()] = /^\[([^\]\\]*)\]\([^)]*\)$/.exec(cell.trim()) ?? [];
  const [, , bare = linked] = /^(\*\*|__|\*|_|`)((?:(?!\1).)+)\1$/s.exec(linked) ?? [];
  return bare.replace(/\\([!-/:-@[-`{-~])|<br ?\/?>|&#(\d{1,5});/g, (_all, escaped?: string, code?: string) => {
    if (escaped !== undefined) return escaped;
    return code === undefined ? '\n' : String.fromCharCode(Number(code));
  });
}

/** A text as a cell that reads as that text, whatever is in it. */
export function writeCell(text: string): string {
  return text
    .replace(/[\\`*_[\]|<>&~]/g, '\\$&')
    .replaceAll('\n', '<br>')
    .replace(/^[\p{Zs}\t]+|[\p{Zs}\t]+$|\p{Cc}/gu, (blank) => [...blank].map(entity).join(''));
}

const entity = (character: string) => `&#${character.codePointAt(0)};`;
