// Unicode's controls (C0, DEL, C1), line and paragraph separators, and what changes the direction of text: printed,
// they can move a terminal's cursor, break a line in two, or make one text look like another.
const unprintable = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u;
const allUnprintable = new RegExp(unprintable, 'gu');

/** The first character of a text that should not be printed, such as `U+202E`; undefined where there is none. */
export function findUnprintable(text: string): string | undefined {
  const [found] = unprintable.exec(text) ?? [];
  return found && `U+${hexOf(found).toUpperCase()}`;
}

/** A text with something else in place of each character that should not be printed. */
export const replaceUnprintable = (text: string, replacement: string) => text.replaceAll(allUnprintable, replacement);

/** Lines of text as a person may see them: their ends and tabs stay. */
export const printableLines = (text: string) =>
  text.replaceAll(allUnprintable, (character) => (/[\n\t]/.test(character) ? character : '�'));

/** JSON with escapes for what should not be printed: the same value. */
export const printableJson = (json: string) =>
  json.replaceAll(allUnprintable, (character) => (character === '\n' ? character : `\\u${hexOf(character)}`));

const hexOf = (character: string) => character.charCodeAt(0).toString(16).padStart(4, '0');
