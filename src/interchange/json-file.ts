import type { InvalidInput } from '../domain/refusals.ts';
import { type JsonMember, jsonMembers } from './json-members.ts';
import { type FileRow, malformed } from './registry-file.ts';

/** A JSON file whose top level is an object. */
export interface JsonFile {
  readonly values: Readonly<Record<string, unknown>>;
  /** The elements of the array, or the members of the object, of this name; undefined where it is neither. */
  rows(name: string): JsonRow[] | undefined;
}

/** A part of a JSON file, and where it begins. */
interface JsonRow {
  readonly line: number;
  /** Null in an array. */
  readonly name: string | null;
  readonly value: unknown;
}

/** Reads a JSON file; `expected` says what it should hold, as the end of a sentence. */
export function parseJsonFile(text: string, expected: string): JsonFile | InvalidInput {
  const parsed = parseJson(text, expected);
  if ('code' in parsed) return parsed;
  const { value: values } = parsed;
  if (!isObject(values)) return malformed(`It is JSON, but not ${expected}: its top level is no object.`);
  // The last one of a name counts, as it does for JSON.parse.
  const places = new Map<string | null, JsonMember>();
  for (const member of jsonMembers(text, text.search(/\S/))) places.set(member.name, member);
  return {
    values,
    rows(name) {
      const place = places.get(name);
      const isList = place && /[[{]/.test(text[place.start] ?? '');
      return isList ? [...rowsFrom(text, place.start)] : undefined;
    },
  };
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rows of an array of objects, by the names that `fieldsOf` gives their values; what is no object has no fields. */
export const toFileRows = (
  rows: readonly JsonRow[],
  fieldsOf: (value: Readonly<Record<string, unknown>>) => FileRow['fields'],
): FileRow[] => rows.map(({ line, value }) => ({ line, fields: isObject(value) ? fieldsOf(value) : {} }));

function* rowsFrom(text: string, open: number): Generator<JsonRow> {
  const lineOf = lineCounter(text);
  for (const { name, start, end } of jsonMembers(text, open)) {
    yield { line: lineOf(start), name, value: JSON.parse(text.slice(start, end)) };
  }
}

/** Counts on from the place that it was asked about before, which lies further up. */
function lineCounter(text: string): (place: number) => number {
  let line = 1;
  let from = 0;
  return (place) => {
    for (let next = text.indexOf('\n', from); next >= 0 && next < place; next = text.indexOf('\n', from)) {
      line += 1;
      from = next + 1;
    }
    return line;
  };
}

function parseJson(text: string, expected: string): { readonly value: unknown } | InvalidInput {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return malformed(`It is not ${expected}: ${whereItBroke(text, error instanceof Error ? error.message : '')}`);
  }
}

/** V8 says at which character, or quotes what stands around it, or says neither where the text ends too early. */
function whereItBroke(text: string, message: string): string {
  if (text.trim() === '') return 'it is empty.';
  const [, fact = message, position] = /^(.*?)(?: in JSON)? at position (\d+)/s.exec(message) ?? [];
  const isTooShort = message.startsWith('Unexpected end') || Number(position) >= text.trimEnd().length;
  if (isTooShort) return `it breaks off in line ${lineCounter(text)(text.length)}: is a part of it missing?`;
  if (position === undefined) return `it is no valid JSON: ${fact}`;
  return `it is no valid JSON, line ${lineCounter(text)(Number(position))}: ${fact}`;
}
