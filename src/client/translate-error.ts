import { ClientError } from 'graphql-request';
import { RegistryError, RegistryUnauthorized, RegistryUnreachable, withoutSecrets } from './errors.ts';

/** What the errors of one client's connections say about it. */
export interface Place {
  readonly url: string;
  readonly hasToken: boolean;
}

/** What GraphQL errors look like on either transport. */
interface GraphError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The error that callers know, in place of fetch's or graphql-request's. */
export function translateRequestError(error: unknown, place: Place): unknown {
  if (error instanceof ClientError) {
    const { status, errors } = error.response;
    if (status === 401) return new RegistryUnauthorized(place.url, place.hasToken);
    return errors ? fromGraphErrors(errors, `HTTP_${status}`) : fromStatus(status, place);
  }
  if (!(error instanceof Error)) return error;
  if (error.name === 'TimeoutError') return new RegistryUnreachable(place.url, 'TIMEOUT', error);
  const code = systemCode(error);
  if (code !== undefined) return new RegistryUnreachable(place.url, code, error);
  // fetch says TypeError for everything, and only a failed connection has a cause.
  if (error instanceof TypeError) {
    return error.cause === undefined ? error : new RegistryUnreachable(place.url, 'FETCH_FAILED', error);
  }
  return notARegistry(place); // a 200 whose body is no GraphQL result
}

export interface Interruption {
  readonly error: Error;
  /** Whether connecting again may help. */
  readonly isPassing: boolean;
}

/** Close codes that a restart, a network or a sleeping laptop leaves behind; all others are final. */
const passingCloseCodes = new Set([1000, 1001, 1005, 1006, 1012, 1013, 1014, 4408, 4499, 4504]);
const unauthorizedCloseCodes = new Set([4401, 4403]);

/**
 * What ended a subscription: GraphQL errors, a close event, an error event of the socket, or nothing
 * where the server completed it, which it does when it stops.
 */
export function translateSocketError(error: unknown, place: Place): Interruption {
  if (error === undefined) return passing(new RegistryUnreachable(place.url, 'COMPLETED'));
  if (Array.isArray(error)) return interruption(fromGraphErrors(error, 'GRAPHQL_ERROR'));
  const { code, reason, message, error: inner } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof code === 'number') {
    if (passingCloseCodes.has(code)) return passing(new RegistryUnreachable(place.url, `CLOSED_${code}`));
    if (unauthorizedCloseCodes.has(code)) return final(new RegistryUnauthorized(place.url, place.hasToken));
    const why = reason ? `: ${String(reason)}` : '';
    return final(new RegistryError(`The registry closed the connection with ${code}${why}.`, `CLOSED_${code}`));
  }
  const [, status] = /^Unexpected server response: (\d+)$/.exec(String(message)) ?? [];
  if (status === '401') return final(new RegistryUnauthorized(place.url, place.hasToken));
  if (status !== undefined) return interruption(fromStatus(Number(status), place));
  return passing(new RegistryUnreachable(place.url, systemCode(error) ?? 'SOCKET_FAILED', inner ?? error));
}

/** Whether an error of a request or a subscription may be gone when it is tried again. */
export function isPassing(error: unknown): boolean {
  return error instanceof RegistryUnreachable || (error instanceof RegistryError && error.code === 'UNAVAILABLE');
}

const interruption = (error: Error): Interruption => ({ error, isPassing: isPassing(error) });
const passing = (error: Error): Interruption => ({ error, isPassing: true });
const final = (error: Error): Interruption => ({ error, isPassing: false });

export function fromGraphErrors(errors: readonly GraphError[], defaultCode: string): RegistryError {
  const [first, ...others] = errors;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const { code, http: _, ...extensions } = { ...first?.extensions };
  return new RegistryError(
    `${first?.message ?? 'The registry reports an error without a message.'}${more}`,
    typeof code === 'string' ? code : defaultCode,
    extensions,
  );
}

/** What an answer without GraphQL errors means: a proxy before a registry that is down, or something else. */
function fromStatus(status: number, place: Place): Error {
  if (status === 408 || status === 429 || status >= 500) return new RegistryUnreachable(place.url, `HTTP_${status}`);
  if (status === 200 || status === 404) return notARegistry(place);
  return new RegistryError(`The registry at ${withoutSecrets(place.url)} answered HTTP ${status}.`, `HTTP_${status}`);
}

const notARegistry = ({ url }: Place) =>
  new RegistryError(
    `What answers at ${withoutSecrets(url)} is not a registry: check the URL, which ends in /graphql.`,
    'NOT_A_REGISTRY',
  );

/** ECONNREFUSED and the like, wherever the layers in between have put it. */
function systemCode(error: unknown): string | undefined {
  for (let each = error, depth = 0; typeof each === 'object' && each !== null && depth < 5; depth++) {
    const { code, cause, error: inner } = each as { code?: unknown; cause?: unknown; error?: unknown };
    if (typeof code === 'string') return code;
    each = cause ?? inner;
  }
  return undefined;
}
