import { InvalidInput } from '../domain/refusals.ts';
import type { Builder } from './builder.ts';
import { longestList } from './limits.ts';

/** The arguments of a list that is not a connection: so many, after so many. */
export const pageArguments = (builder: Builder) =>
  builder.args((t) => ({
    first: t.int({ description: `How many at most, 1 to ${longestList}; null means ${longestList}.` }),
    skip: t.int({ description: 'How many to pass over first; null means none.' }),
  }));

export interface Page {
  readonly first?: number | null;
  readonly skip?: number | null;
}

/** The page for Prisma; refuses numbers that make none. */
export function pageOf({ first, skip }: Page): { take: number; skip: number } {
  const take = first ?? longestList;
  const issues = [];
  if (take < 1 || take > longestList) {
    issues.push({ path: ['first'], message: `It is a whole number from 1 to ${longestList}.` });
  }
  if ((skip ?? 0) < 0) issues.push({ path: ['skip'], message: 'It is a whole number from 0.' });
  if (issues.length > 0) throw new InvalidInput(issues);
  return { take, skip: skip ?? 0 };
}
