/** A URL without what may be a secret: what a message may say of it. */
export function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'a URL that is none';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/**
 * No registry answers: it is not running, the URL is wrong, or it took too long. `code` is the
 * system's (ECONNREFUSED, ENOTFOUND, …), TIMEOUT, or HTTP_502 and the like where a proxy answered
 * in its place; `cause` is the error underneath. Whether a mutation was carried out is unknown, and
 * repeating it is safe.
 */
export class RegistryUnreachable extends Error {
  override readonly name = 'RegistryUnreachable';
  /** Without its query. */
  readonly url: string;
  readonly code: string;

  constructor(url: string, code: string, cause?: unknown) {
    const place = withoutSecrets(url);
    super(
      `No registry answers at ${place} (${code}). Start it with \`wharfinger serve\`, or \`npm start\` in its checkout; if it runs elsewhere, give the client that URL.`,
      { cause },
    );
    this.url = place;
    this.code = code;
  }
}

/** The registry wants a token, or another one than it was sent. */
export class RegistryUnauthorized extends Error {
  override readonly name = 'RegistryUnauthorized';
  /** Without its query. */
  readonly url: string;

  constructor(url: string, hadToken: boolean) {
    const fact = hadToken ? 'does not accept the token that it was sent' : 'wants a token';
    const place = withoutSecrets(url);
    super(`The registry at ${place} ${fact}. Create the client with \`token\` set to the server's WHARFINGER_TOKEN.`);
    this.url = place;
  }
}

/**
 * The registry answered with an error, which is no refusal: those are results. `code` says which:
 * NOT_FOUND and INVALID_INPUT of a query, UNKNOWN_CURSOR, DETECTION_FAILED (listeners cannot be seen),
 * UNAVAILABLE (its database does not answer; try again), INTERNAL_SERVER_ERROR; HTTP_… or CLOSED_… and the status where it turned the
 * connection away; NOT_A_REGISTRY where something else answers at the URL.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: string;
  /** Whatever else the registry said: `issues` of an INVALID_INPUT, for one. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(message: string, code: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.extensions = extensions;
  }
}
