import { GraphQLClient } from 'graphql-request';
import type { TypedDocumentString } from './gql/graphql.ts';
import { type Place, translateRequestError } from './translate-error.ts';

/** Sends one operation and answers its data. Every error is one of errors.ts. */
export type Execute = <Result, Variables extends object>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

/** As much of `fetch` as a client needs. Where it cannot send or be answered, it throws what `fetch` or `node:http` would. */
export type Fetch = (
  url: string | URL,
  options: {
    readonly method: 'POST';
    readonly headers: Headers;
    readonly body: string;
    readonly signal: AbortSignal;
  },
) => Promise<Pick<Response, 'ok' | 'status' | 'text'> & { readonly headers: Pick<Headers, 'get'> }>;

interface ExecuteOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

export function createExecute({ url, token, fetch, timeoutMs }: ExecuteOptions): Execute {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const graph = new GraphQLClient(url, { fetch: fetch as typeof globalThis.fetch, headers }); // it sends nothing else
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
