import type { ComplexityErrorFn } from '@pothos/plugin-complexity';
import { GraphQLError } from 'graphql';

/**
 * How large one operation may be. Depth counts levels of fields, breadth all selected fields;
 * complexity counts the fields that would be resolved, a list counting tenfold unless it says
 * how many it takes.
 */
export const complexityLimits = { depth: 12, breadth: 250, complexity: 100_000 };

/** How many lexical tokens a document may have; parsing stops there. */
export const mostTokens = 3_000;

/** The most rows that a list gives at once. */
export const longestList = 1_000;

export const depthAndWidthError: ComplexityErrorFn = (kind, result) => {
  const [actual, most] = {
    Complexity: [result.complexity, complexityLimits.complexity],
    Depth: [result.depth, complexityLimits.depth],
    Breadth: [result.breadth, complexityLimits.breadth],
  }[kind];
  return new GraphQLError(
    `The operation is too large: its ${kind.toLowerCase()} is ${actual}, at most ${most} is answered. Ask for less at once.`,
    { extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } } },
  );
};

/** For a list that takes `first`: as many as it says, or ten where it does not say. */
export const listComplexity = ({ first, last }: { first?: number | null; last?: number | null }) => ({
  field: 1,
  multiplier: Math.max(1, Math.min(first ?? last ?? 10, longestList)),
});
