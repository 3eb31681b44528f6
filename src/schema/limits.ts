import type { ComplexityErrorFn } from '@pothos/plugin-complexity';
import { GraphQLError } from 'graphql';

/**
 * How large one operation may be. Depth counts levels of fields, breadth all selected fields;
 * complexity the fields and rows that it can make the server load, a row counting as `rowWeight` fields.
 */
export const complexityLimits = { depth: 12, breadth: 250, complexity: 750_000 };

/** What a row costs beside its fields: it is read whole, whichever of them are asked for. */
const rowWeight = 4;

/** What metadata costs, which can be as long as many other fields together. */
export const metadataWeight = 4;

/** How many lexical tokens a document may have; parsing stops there. */
export const mostTokens = 3_000;

export const depthAndWidthError: ComplexityErrorFn = (kind, result) => {
  const [actual, most] = {
    Complexity: [result.complexity, complexityLimits.complexity],
    Depth: [result.depth, complexityLimits.depth],
    Breadth: [result.breadth, complexityLimits.breadth],
  }[kind];
  return new GraphQLError(
    `The operation is too large: its ${kind.toLowerCase()} is ${actual}, at most ${most} is answered. Ask for fewer fields, or for fewer rows by saying how many: first.`,
    { extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } } },
  );
};

/** The same for each event of a subscription, of which there can be many at once. */
const subscriptionComplexity = 10_000;

export function subscriptionComplexityError(complexity: number): GraphQLError | undefined {
  if (complexity <= subscriptionComplexity) return undefined;
  const message = `The subscription is too large: its complexity is ${complexity}, at most ${subscriptionComplexity} is sent with each event. Ask for fewer fields, and query the rest.`;
  return new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } } });
}

/** What a list of at most so many rows counts for. */
export const listOf = (rows: number) => ({ field: 1 + rowWeight * rows, multiplier: rows });
