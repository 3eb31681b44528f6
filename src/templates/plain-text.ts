/** Ends a line somewhere, hides or reorders text, or is no character: none of it belongs into a comment. */
const unprintable = /[\s\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

const mostCharacters = 120;

/** What somebody wrote, as a piece of one line: it ends no comment, in whatever language. */
export function oneLine(text: string): string {
  const characters = [...text.replaceAll(unprintable, ' ').trim()];
  return characters.length > mostCharacters ? `${characters.slice(0, mostCharacters).join('')}…` : characters.join('');
}

/** The URL with everything percent-encoded that means something in a shell, a file or a URL beyond host and port. */
export function plainUrl(url: string): string {
  return url
    .toWellFormed()
    .replaceAll(/[^A-Za-z0-9:/._~[\]-]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
}

/** What a browser sends as the Origin of a page from there: in lower case, without the port that is HTTP's own. */
export function originOf(url: string): string {
  return url.toLowerCase().replace(/^(http:\/\/.*[^:]):80$/, '$1');
}
