import { createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** What the graph answered to one operation. */
export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly GraphError[];
}

interface GraphError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

type Variables = Record<string, unknown>;
type Headers = Readonly<Record<string, string>>;

/** One event of a subscription, as an operation's answer. */
type Delivery<Data> = Omit<Answer<Data>, 'status'>;

/** The graph as a client meets it, over real sockets. Whatever it opens is closed when the test ends. */
export interface GraphClient {
  readonly url: string;
  /** One operation by POST. `Data` is what the caller asks for. */
  post<Data = Readonly<Record<string, unknown>>>(
    query: string,
    variables?: Variables,
    headers?: Headers,
  ): Promise<Answer<Data>>;
  /** One operation over graphql-ws, on a connection of its own. `return` ends it. */
  overWebsocket<Data>(query: string, variables?: Variables): AsyncIterableIterator<Delivery<Data>>;
  /** One operation over server-sent events. `return` ends it. */
  overEventStream<Data>(query: string, variables?: Variables): AsyncIterableIterator<Delivery<Data>>;
}

/** A client for a server's graph; `token` goes with everything. */
export function graphClient(url: string, token?: string): GraphClient {
  const authorization: Headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send = (query: string, variables: Variables | undefined, headers: Headers, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body: JSON.stringify({ query, variables }),
      signal,
    });

  return {
    url,
    async post<Data>(query: string, variables?: Variables, headers: Headers = {}) {
      const response = await send(query, variables, headers);
      const answer = (await response.json()) as Omit<Answer<Data>, 'status'>; // GraphQL over HTTP says so
      return { ...answer, status: response.status };
    },
    overWebsocket<Data>(query: string, variables?: Variables) {
      const client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: authorization,
        retryAttempts: 0,
        // A server that stops says 1001, which ends the iteration with its close event.
        shouldRetry: () => false,
      });
      onTestFinished(() => client.dispose());
      return client.iterate({ query, variables }) as AsyncIterableIterator<Delivery<Data>>; // what was asked for
    },
    async *overEventStream<Data>(query: string, variables?: Variables) {
      const abort = new AbortController();
      onTestFinished(() => abort.abort());
      try {
        const { body } = await send(query, variables, { accept: 'text/event-stream' }, abort.signal);
        if (!body) throw new Error('The server answered without a body.');
        for await (const { event, data } of readEventStream(body)) {
          if (event === 'next') yield JSON.parse(data) as Delivery<Data>; // what was asked for
          if (event === 'complete') return;
        }
      } finally {
        abort.abort();
      }
    },
  };
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as GraphQL uses it: no comments, one line of data. */
async function* readEventStream(body: ReadableStream<Uint8Array>) {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
      yield { event: field('event'), data: field('data') };
    }
  }
}
