import type { Builder } from './builder.ts';
import { listComplexity, longestList, type Page, pageArguments, pageOf } from './list-arguments.ts';

// The lists of a report on what a mutation did, which is in memory whole. They give as many rows as a list can
// unless `first` says fewer, and the report says how many there are.

/** The arguments of a report's list, and what it counts for. */
export const reportList = (builder: Builder) => ({
  args: pageArguments(builder, longestList),
  // Computed before the mutation is carried out: a page that cannot be given is refused while nothing is done.
  complexity: (page: Page) => {
    pageOf(page, longestList);
    return listComplexity(longestList)(page);
  },
});

/** The rows of a report that are asked for. */
export function reportRows<Row>(rows: readonly Row[], page: Page): Row[] {
  const { take, skip } = pageOf(page, longestList);
  return rows.slice(skip, skip + take);
}
