import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { type Config, isLoopback } from '../config.ts';

/** Why a request is turned away before anything reads it. */
export interface Rejection {
  readonly status: 400 | 401 | 403 | 405 | 411 | 413 | 415;
  readonly message: string;
}

/** The largest body of a request, in bytes. */
export const largestBody = 1 << 20;

export interface Guards {
  /** Refuses a Host that no browser sends, and what a web page could send: a foreign Host (DNS rebinding) or Origin. */
  checkSource(request: IncomingMessage): Rejection | undefined;
  /** Refuses a missing or wrong bearer token, where one is configured. */
  checkToken(authorization: string | undefined): Rejection | undefined;
  /** Refuses what a web page can send without asking first, and bodies that are too large. */
  checkOperation(request: IncomingMessage): Rejection | undefined;
}

export function createGuards(config: Pick<Config, 'host' | 'token' | 'allowedHosts'>): Guards {
  const names = ownNames(config);
  const expected = config.token === undefined ? undefined : digest(`Bearer ${config.token}`);
  return {
    checkSource({ headers, headersDistinct }) {
      const [sent = '', ...others] = headersDistinct.host ?? [];
      const host = others.length > 0 ? undefined : readHost(sent);
      if (host === undefined) return noHost;
      if (!names.has(host.name)) {
        return {
          status: 403,
          message: `This server does not answer under the name ${JSON.stringify(sent)}: use localhost, or add the name to WHARFINGER_ALLOWED_HOSTS.`,
        };
      }
      if (headers['sec-fetch-site'] === 'cross-site' && !isFollowedLink(headers)) return foreignPage;
      if (headers.origin === undefined) return undefined;
      const origin = parseHost(headers.origin);
      return origin?.authority === host.authority ? undefined : foreignPage;
    },
    checkToken(authorization) {
      if (!expected) return undefined;
      if (authorization !== undefined && timingSafeEqual(digest(authorization), expected)) return undefined;
      return {
        status: 401,
        message: 'A valid token is needed: send the header "Authorization: Bearer <WHARFINGER_TOKEN>".',
      };
    },
    checkOperation({ method, headers }) {
      if (method === 'GET') {
        if (headers['graphql-require-preflight'] !== undefined) return undefined;
        return {
          status: 400,
          message:
            'Send operations by POST as application/json; by GET only with the header "GraphQL-Require-Preflight: 1".',
        };
      }
      if (method !== 'POST') return { status: 405, message: 'Send operations by POST as application/json.' };
      // Written as Yoga reads it, which would turn away every other spelling without a word.
      if (!/^application\/json(;|$)/.test(headers['content-type'] ?? '')) {
        return { status: 415, message: 'Send operations as application/json.' };
      }
      const length = headers['content-length'];
      if (length === undefined) return { status: 411, message: 'Say how long the body is: send a Content-Length.' };
      if (Number(length) > largestBody) {
        const message = `A body has at most ${largestBody} bytes: send less at a time. If it is a file to import, split it.`;
        return { status: 413, message };
      }
      return undefined;
    },
  };
}

/** Somebody clicked on a link to GraphiQL: the page that has the link does not see what is answered. */
const isFollowedLink = (headers: IncomingHttpHeaders) =>
  headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && headers.origin === undefined;

const noHost: Rejection = {
  status: 400,
  message: 'The Host header is not one that a browser sends: send exactly one, with a host name and perhaps a port.',
};

const foreignPage: Rejection = { status: 403, message: 'This server does not answer pages of other origins.' };

/** Of equal length whatever was sent, so that the comparison takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The names and addresses under which this server is rightly called. */
function ownNames({ host, allowedHosts }: Pick<Config, 'host' | 'allowedHosts'>): Set<string> {
  const loopback = ['localhost', '127.0.0.1', '[::1]', bracketed(host.toLowerCase())];
  if (isLoopback(host)) return new Set([...loopback, ...allowedHosts]);
  const addresses = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => bracketed(address)) ?? [],
  );
  const machine = hostname().toLowerCase();
  return new Set([...loopback, ...addresses, machine, `${machine}.local`, ...allowedHosts]);
}

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

interface Host {
  readonly name: string;
  /** The name, and the port unless it is HTTP's. */
  readonly authority: string;
}

/**
 * A Host header as browsers write it: a name that URLs have in this spelling, whatever its case, and a port of one or
 * more. Others are read differently by different programs: an empty port, user information, a path, `127.1`.
 */
function readHost(header: string): Host | undefined {
  const host = parseHost(`http://${header}`);
  if (!host) return undefined;
  const spellings = [host.authority, `${host.name}:80`];
  return spellings.includes(header.toLowerCase()) && !header.endsWith(':0') ? host : undefined;
}

function parseHost(url: string): Host | undefined {
  try {
    // Not asked first: of what is not ASCII, Node 20's URL.canParse says that it can be parsed.
    const { hostname: name, host: authority, username } = new URL(url);
    return username === '' ? { name, authority } : undefined;
  } catch {
    return undefined;
  }
}
