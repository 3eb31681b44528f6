import { GraphQLClient } from 'graphql-request';
import type { TypedDocumentString } from './gql/graphql.ts';
import { type Place, translateRequestError } from './translate-error.ts';

/** Sends one operation and answers its data. Every error is one of errors.ts. */
export type Execute = <Result, Variables extends object>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

interface ExecuteOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
}

export function createExecute({ url, token, fetch, timeoutMs }: ExecuteOptions): Execute {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const graph = new GraphQLClient(url, { fetch, headers });
  const place: Place = { url, hasToken: token !== undefined };
  return async <Result, Variables extends object>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      return await graph.request<Result>({ document: document.toString(), variables, signal });
    } catch (error) {
      throw translateRequestError(error, place);
    }
  };
}
