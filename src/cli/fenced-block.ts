/** The two lines between which a file is Wharfinger's. */
export interface Fence {
  readonly begin: string;
  readonly end: string;
  /** Makes a line of text a comment. */
  comment(text: string): string;
  /** How lines end. Default: as the first line of the file does. */
  readonly lineBreak?: '\n';
}

const fenceOf = (comment: Fence['comment']) => ({
  begin: comment('>>> wharfinger >>>'),
  end: comment('<<< wharfinger <<<'),
  comment,
});

/** `#`: dotenv, YAML. */
export const hashFence: Fence = fenceOf((text) => `# ${text}`);
/** A shell takes a carriage return for a part of the last word, even where the rest of the file has them. */
export const shellFence: Fence = { ...hashFence, lineBreak: '\n' };
/** `//`: JavaScript, TypeScript. */
export const slashFence: Fence = fenceOf((text) => `// ${text}`);
/** HTML, Markdown. */
export const htmlFence: Fence = fenceOf((text) => `<!-- ${text} -->`);

/** A file at its block. The three joined are the file. */
export interface FencedText {
  readonly before: string;
  /** From the beginning of its first line to the end of its last, line breaks included. */
  readonly block: string;
  readonly after: string;
}

/**
 * Finds the block of a file; null where it has none. A marker is a line that has nothing else but white space. Throws an
 * AmbiguousBlock where there is anything but one beginning and one end after it.
 */
export function splitAtBlock(text: string, { begin, end }: Fence): FencedText | null {
  const lines = text.split(/(?<=\n)/);
  const numbersOf = (marker: string) => lines.flatMap((line, index) => (line.trim() === marker ? [index] : []));
  const begins = numbersOf(begin);
  const ends = numbersOf(end);
  const [first] = begins;
  const [last] = ends;
  if (first === undefined && last === undefined) return null;
  if (first === undefined || last === undefined || last < first || begins.length + ends.length > 2) {
    throw new AmbiguousBlock(begins, ends);
  }
  return {
    before: lines.slice(0, first).join(''),
    block: lines.slice(first, last + 1).join(''),
    after: lines.slice(last + 1).join(''),
  };
}

/**
 * The file with these lines in its block, in the place of the block that it has, else of a new one: at the end, or
 * after the first line. Everything else stays as it is, and a file without a line break at its end stays without one.
 */
export function putBlock(text: string, lines: readonly string[], fence: Fence, place: 'end' | 'second-line'): string {
  if (lines.some((line) => [fence.begin, fence.end].includes(line.trim()))) {
    throw new Error('A block cannot have its own marker among its lines.');
  }
  const block = (lineBreak: string) => [fence.begin, ...lines, fence.end].join(lineBreak);
  const old = splitAtBlock(text, fence);
  if (old) {
    const lineBreak = lineBreakOf(old.block);
    return `${old.before}${block(lineBreak)}${old.block.endsWith('\n') ? lineBreak : ''}${old.after}`;
  }
  const lineBreak = fence.lineBreak ?? lineBreakOf(text);
  const position = place === 'end' ? text.length : text.indexOf('\n') + 1 || text.length;
  const before = text.slice(0, position);
  if (before && !before.endsWith('\n')) return `${before}${lineBreak}${block(lineBreak)}`;
  return `${before}${block(lineBreak)}${lineBreak}${text.slice(position)}`;
}

/** The file without its block: what it was before `putBlock` gave it one. The file itself where it has none. */
export function takeBlockOut(text: string, fence: Fence): string {
  const old = splitAtBlock(text, fence);
  if (!old) return text;
  const { before, block, after } = old;
  if (block.endsWith('\n')) return before + after;
  // It ends the file, which had no line break at its end: the one before the block came with it.
  const lineBreak = lineBreakOf(block);
  return before.slice(0, before.endsWith(lineBreak) ? -lineBreak.length : -1);
}

/** That of the first line. */
const lineBreakOf = (text: string) => (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n');

/** What is Wharfinger's in a file cannot be told: somebody else should look at it. */
export class AmbiguousBlock extends Error {
  override readonly name = 'AmbiguousBlock';
  /** Of the lines with a marker, from 1. */
  readonly lines: readonly number[];

  constructor(begins: readonly number[], ends: readonly number[]) {
    const lines = [...begins, ...ends].map((index) => index + 1).sort((one, other) => one - other);
    const numbers = `line${lines.length > 1 ? 's' : ''} ${lines.join(', ')}`;
    const counted = begins.length === 1 && ends.length === 1 ? 'its end before its beginning' : countOf(begins, ends);
    super(`has a block of Wharfinger's with ${counted} (${numbers})`);
    this.lines = lines;
  }
}

function countOf({ length: begins }: readonly number[], { length: ends }: readonly number[]): string {
  const counted = (count: number, one: string, more: string) =>
    count === 1 ? `one ${one}` : `${count || 'no'} ${more}`;
  return `${counted(begins, 'beginning', 'beginnings')} and ${counted(ends, 'end', 'ends')}`;
}
