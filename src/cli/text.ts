import { replaceUnprintable } from '../domain/printable.ts';

/** What takes two columns: East Asian scripts in their full width, and pictures. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|\ufe0f/u;

const plain = /^[\x20-\x7e]*$/;

/** What a reader takes for one character each. */
function charactersOf(text: string): string[] {
  if (plain.test(text)) return [...text];
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment); // takes its time to load
}

/** How many columns of a terminal a text takes, without control characters and colours. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  return charactersOf(text).reduce((width, character) => width + (wide.test(character) ? 2 : 1), 0);
}

/** The text itself where it is narrow enough; else its beginning, or beginning and end, with … for the rest. */
export function cutTo(text: string, width: number, where: 'middle' | 'end'): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const room = width - 1;
  const tail = where === 'middle' ? Math.floor(room * 0.6) : 0; // the end of a path or name says more
  const characters = charactersOf(text);
  const end = taken(characters.toReversed(), tail).toReversed();
  return [...taken(characters, room - tail), '…', ...end].join('');
}

/** As many of the first characters as fit. */
function taken(characters: readonly string[], width: number): string[] {
  let left = width;
  const end = characters.findIndex((character) => {
    left -= widthOf(character);
    return left < 0;
  });
  return characters.slice(0, end < 0 ? characters.length : end);
}

/** One line that can be printed: what others named cannot move the cursor, change colours or look like something else. */
export const oneLine = (text: string) => replaceUnprintable(text.replaceAll(/\s*[\r\n]+\s*/g, ' '), '�');
