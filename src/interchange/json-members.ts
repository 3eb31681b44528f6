/** An element of an array or a member of an object, by its place in the text. */
export interface JsonMember {
  /** Null in an array. */
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
}

/**
 * The members of the array or object that begins at `open`, in the order of the text and each of them, though a
 * name come twice: `JSON.parse` tells neither that nor where something stands. The text must be valid JSON.
 */
export function* jsonMembers(text: string, open: number): Generator<JsonMember> {
  const isObject = text[open] === '{';
  let depth = 0;
  let name: string | null = null;
  let start = -1;
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? '';
    const isBetween = depth === 1 && start < 0;
    if (character === '"') {
      const end = endOfString(text, at);
      if (isBetween && isObject && name === null) name = JSON.parse(text.slice(at, end));
      else if (isBetween) start = at;
      at = end - 1;
    } else if (character === '{' || character === '[') {
      depth += 1;
      if (isBetween) start = at;
    } else if (depth === 1 && (character === ',' || character === '}' || character === ']')) {
      if (start >= 0) yield { name, start, end: at };
      if (character !== ',') return;
      [name, start] = [null, -1];
    } else if (character === '}' || character === ']') {
      depth -= 1;
    } else if (isBetween && character !== ':' && character.trim() !== '') {
      start = at;
    }
  }
}

/** Where the string that begins at `quote` is over. */
function endOfString(text: string, quote: number): number {
  let end = quote;
  do {
    end = text.indexOf('"', end + 1);
  } while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
