import { InvalidInput } from '../domain/refusals.ts';

/** The formats of files that hold a registry, or a part of one. */
export const registryFormats = ['json', 'csv', 'markdown', 'port-keeper', 'devports', 'scar-supervision'] as const;
export type RegistryFormat = (typeof registryFormats)[number];

/** A row as a file tells it, by the names of the own format. What the values are, nobody has checked yet. */
export interface FileRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a file says. Only the own format knows more than claims. */
export interface RegistryFile {
  readonly codebases: readonly FileRow[];
  readonly worktrees: readonly FileRow[];
  readonly claims: readonly FileRow[];
}

export const claimsOnly = (claims: readonly FileRow[]): RegistryFile => ({ codebases: [], worktrees: [], claims });

/** The refusal of a file that is not of its format: what was expected, and where it broke. */
export const malformed = (message: string) => new InvalidInput([{ path: ['content'], message }]);

/** How many rows an import may have, so that its transaction stays short. */
export const mostRows = 10_000;
export const tooManyRows = (most: number) => malformed(`It has more than ${most} rows: import it in parts.`);
