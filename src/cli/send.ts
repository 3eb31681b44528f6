import { request as requestHttp } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Fetch } from '../client/execute.ts';

/** What a client asks, or a question without a body. */
type Options = Omit<Parameters<Fetch>[1], 'method' | 'body'> & {
  readonly method: 'POST' | 'GET';
  readonly body?: string;
};

/**
 * Sends a request as `fetch` does, but by `node:http` and without following redirects: a command sends one
 * or two, and the first use of Node's `fetch` alone costs three times the processor time of an empty process.
 */
export const send = async (url: string | URL, { method, headers, body, signal }: Options): ReturnType<Fetch> => {
  const { protocol } = new URL(url);
  const request = protocol === 'https:' ? (await import('node:https')).request : requestHttp;
  const options = { method, headers: Object.fromEntries(headers), signal };
  // The signal's own reason says that it was a timeout.
  const failed = (error: unknown) => signal.reason ?? error;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      resolve({
        ok: status >= 200 && status < 300,
        status,
        headers: { get: (name) => String(answered[name.toLowerCase()] ?? '') || null },
        text: () => text(response).catch((error) => Promise.reject(failed(error))),
      });
    });
    sent.on('error', (error) => reject(failed(error)));
    sent.end(body);
  });
};
