import { z } from 'zod';
import type { Builder } from './builder.ts';
import { listOf } from './limits.ts';
import { parseInput } from './parse-input.ts';

/** The most rows that a list gives at once. */
export const longestList = 1_000;

/** How many rows a list of the query type gives where `first` does not say. */
export const rootPage = 100;

/** How many rows a list of another type gives, which may be asked for once for each of a hundred. */
export const nestedPage = 25;

/** The arguments of a list that is not a connection: so many, after so many. */
export const pageArguments = (builder: Builder, pageSize: number) =>
  builder.args((t) => ({
    first: t.int({ description: `How many at most, 1 to ${longestList}; null means ${pageSize}.` }),
    skip: t.int({ description: 'How many to pass over first; null means none.' }),
  }));

export interface Page {
  readonly first?: number | null;
  readonly skip?: number | null;
}

const wholeNumber = `It is a whole number from 1 to ${longestList}.`;
const pageInput = z.object({
  first: z.int().min(1, wholeNumber).max(longestList, wholeNumber).nullish(),
  skip: z.int().min(0, 'It is a whole number from 0.').nullish(),
});

/** The page for Prisma; refuses numbers that make none. */
export function pageOf(page: Page, pageSize: number): { take: number; skip: number } {
  const { first, skip } = parseInput(pageInput, page);
  return { take: first ?? pageSize, skip: skip ?? 0 };
}

/** What a list counts for: exactly the rows that it can give. */
export const listComplexity =
  (pageSize: number) =>
  ({ first, last }: { first?: number | null; last?: number | null }) =>
    listOf(Math.max(1, Math.min(first ?? last ?? pageSize, longestList)));
