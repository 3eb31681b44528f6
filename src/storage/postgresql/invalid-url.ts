/** The text is not a URL that a PostgreSQL database can be reached by. Nothing secret of it is in the message. */
export class InvalidPostgresqlUrl extends Error {
  override readonly name = 'InvalidPostgresqlUrl';
  /** What a URL should have instead, to follow "it takes". */
  readonly takes: string;

  constructor(takes: string) {
    super(`The database URL does not fit: it takes ${takes}.`);
    this.takes = takes;
  }
}

export const takesUrl =
  'a URL such as postgresql://me@db.example:5432/wharfinger, in which @, /, ? and # of a password are written as %40, %2F, %3F and %23';

/** Throws what a URL should have instead. */
export function refuse(takes: string): never {
  throw new InvalidPostgresqlUrl(takes);
}

/** Percent-decodes; a + stays what it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(takesUrl);
  }
}
