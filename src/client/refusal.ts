import type { ErrorCode } from './gql/graphql.ts';

/** The refusals that a mutation's result may be. */
export type RefusalOf<Result> = Extract<Result, { readonly code: ErrorCode }>;

/**
 * Whether a mutation was refused. What is left where it was not is the success.
 *
 * @example
 * const result = await client.allocatePort({ serviceName: 'web' });
 * if (isRefusal(result)) throw new Error(result.message);
 * console.log(result.allocation.port);
 */
export function isRefusal<Result extends { readonly __typename: string }>(result: Result): result is RefusalOf<Result> {
  return 'code' in result;
}
