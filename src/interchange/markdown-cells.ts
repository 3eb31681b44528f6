/** A text as a cell that reads as that text, whatever is in it. */
export function writeCell(text: string): string {
  return text
    .replace(/[\\`*_[\]|<>&~]/g, '\\$&')
    .replaceAll('\n', '<br>')
    .replace(/^[\p{Zs}\t]+|[\p{Zs}\t]+$|[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu, (blank) =>
      [...blank].map(entity).join(''),
    );
}

const entity = (character: string) => `&#${character.codePointAt(0)};`;
