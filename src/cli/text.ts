const segmenter = new Intl.Segmenter();

/** What takes two columns: East Asian scripts in their full width, and pictures. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|\ufe0f/u;

const plain = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a text takes, without control characters and colours. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** The text itself where it is narrow enough; else its beginning, or beginning and end, with … for the rest. */
export function cutTo(text: string, width: number, where: 'middle' | 'end'): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const room = width - 1;
  const tail = where === 'middle' ? Math.floor(room * 0.6) : 0; // the end of a path or name says more
  const segments = [...segmenter.segment(text)].map(({ segment }) => segment);
  return `${taken(segments, room - tail)}…${taken(segments.toReversed(), tail, true)}`;
}

function taken(segments: readonly string[], width: number, isReversed = false): string {
  const kept: string[] = [];
  let left = width;
  for (const segment of segments) {
    left -= widthOf(segment);
    if (left < 0) break;
    kept.push(segment);
  }
  return (isReversed ? kept.toReversed() : kept).join('');
}

/** One line without control characters: what others named cannot move the cursor or change colours. */
export const oneLine = (text: string) => text.replaceAll(/\s*[\r\n]+\s*/g, ' ').replaceAll(/\p{Cc}/gu, '�');
