import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  /** Sent as they are, Host and Origin included. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request as a program or a browser could send it; `fetch` would not send every header. */
export function sendRaw(port: number, { method = 'GET', path = '/', headers = {}, body }: RawRequest) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** An operation's POST, with what differs from a program's. */
export function sendOperation(port: number, headers: OutgoingHttpHeaders = {}, query = '{ __typename }') {
  const body = JSON.stringify({ query });
  return sendRaw(port, {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    body,
  });
}
