import { type InvalidInput, isRefusal } from '../domain/refusals.ts';
import { parseCsv, writeCsv } from './csv.ts';
import { parseDevports, writeDevports } from './devports.ts';
import { parseJson, writeJson } from './json.ts';
import { parseMarkdown, writeMarkdown } from './markdown.ts';
import { parsePortKeeper, writePortKeeper } from './port-keeper.ts';
import type { RegistryContents } from './registry-contents.ts';
import { mostRows, type RegistryFile, type RegistryFormat, tooManyRows } from './registry-file.ts';
import { parseScarSupervision, writeScarSupervision } from './scar-supervision.ts';

interface Format {
  /** What a file says, of which more than `most` rows need not be read; refuses one that is not of the format. Never throws, whatever the text. */
  readonly parse: (text: string, most: number) => RegistryFile | InvalidInput;
  readonly write: (contents: RegistryContents) => string;
  /** Its files know no hosts: each is about one. */
  readonly isOfOneHost: boolean;
}

export const formats: Readonly<Record<RegistryFormat, Format>> = {
  json: { parse: parseJson, write: writeJson, isOfOneHost: false },
  csv: { parse: parseCsv, write: writeCsv, isOfOneHost: false },
  markdown: { parse: parseMarkdown, write: writeMarkdown, isOfOneHost: false },
  'port-keeper': { parse: parsePortKeeper, write: writePortKeeper, isOfOneHost: true },
  devports: { parse: parseDevports, write: writeDevports, isOfOneHost: true },
  'scar-supervision': { parse: parseScarSupervision, write: writeScarSupervision, isOfOneHost: true },
};

/** Reads a file, of at most so many rows, with or without a byte order mark. */
export function parseRegistryFile(
  format: RegistryFormat,
  content: string,
  most: number = mostRows,
): RegistryFile | InvalidInput {
  const file = formats[format].parse(content.replace(/^\uFEFF/, ''), most);
  if (isRefusal(file)) return file;
  const { codebases, worktrees, claims } = file;
  return codebases.length + worktrees.length + claims.length > most ? tooManyRows(most) : file;
}
