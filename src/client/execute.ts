import type { TypedDocumentString } from './gql/graphql.ts';
import { fromAnswer, type GraphError, type Place, translateFetchError } from './translate-error.ts';

/** Sends one operation and answers its data. Every error is one of errors.ts. */
export type Execute = <Result, Variables extends object>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

/** As much of `fetch` as a client needs. Where it cannot send or be answered, it throws what `fetch` or `node:http` would. */
export type Fetch = (
  url: string,
  options: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;

interface ExecuteOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

/** What GraphQL over HTTP answers with. */
interface GraphAnswer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly GraphError[];
}

export function createExecute({ url, token, fetch, timeoutMs }: ExecuteOptions): Execute {
  const headers: Record<string, string> = {
    accept: 'application/graphql-response+json, application/json',
    'content-type': 'application/json',
  };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const place: Place = { url, hasToken: token !== undefined };

  const send = async (body: string) => {
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) });
      return { isOk: response.ok, status: response.status, text: await response.text() };
    } catch (error) {
      throw translateFetchError(error, place);
    }
  };
  return async <Result, Variables extends object>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> => {
    const { isOk, status, text } = await send(JSON.stringify({ query: document.toString(), variables }));
    const { data, errors } = parseAnswer<Result>(text);
    if (!isOk || errors || !data) throw fromAnswer({ status, errors }, place);
    return data;
  };
}

/** Nothing where the text is no GraphQL answer, but a page or a proxy's sentence. */
function parseAnswer<Result>(text: string): GraphAnswer<Result> {
  try {
    const { data, errors } = Object(JSON.parse(text)) as GraphAnswer<Result>; // as the document's types say
    return { data, errors: Array.isArray(errors) ? errors : undefined };
  } catch {
    return {};
  }
}
