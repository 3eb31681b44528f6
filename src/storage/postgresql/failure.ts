import { DatabaseUnavailable } from '../database-error.ts';
import { NoServerUsable } from './connect.ts';

/** The server's or the driver's own words for an error, in one line that a terminal may be shown. */
export function wordsOf(error: unknown): string {
  return told(error)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof DatabaseUnavailable) return told(error.cause);
  if (error instanceof NoServerUsable) {
    return error.errors.map(({ message, cause }: Error) => `${message}: ${told(cause)}`).join('; ');
  }
  // A name that has several addresses, each of which was tried.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(told))].join('; ');
  return error.message || codeOf(error);
}

const codeOf = (error: unknown): string => {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

interface Explanation {
  readonly fact: string;
  readonly remedy: string;
}

/** By SQLSTATE. https://www.postgresql.org/docs/18/errcodes-appendix.html */
const explanations: readonly (readonly [code: RegExp, explanation: Explanation])[] = [
  [
    /^28/,
    { fact: 'refuses the login', remedy: "check the user and the password in the URL, and the server's pg_hba.conf" },
  ],
  [/^3D000/, { fact: 'has no such database', remedy: 'create it, or correct the name at the end of the URL' }],
  [/^42501/, { fact: 'does not let this role connect', remedy: 'grant it CONNECT on the database' }],
  [
    /^53300/,
    {
      fact: 'has no connection left',
      remedy: 'raise max_connections, or the limit of the role or the database; each instance takes up to 11',
    },
  ],
  [/^57P03/, { fact: 'accepts no connections yet', remedy: 'try again once it is up' }],
  [/^25006/, { fact: 'takes no writes', remedy: 'name the primary, or all of the servers: postgresql://a,b/db' }],
  [/^08/, { fact: 'refuses the connection', remedy: 'check the URL, and the pooler if there is one in between' }],
];

const tls: Explanation = {
  fact: 'cannot be spoken to over TLS as the URL asks for',
  remedy: 'check its sslmode, sslrootcert, sslcert and sslkey',
};
const noPassword: Explanation = {
  fact: 'asks for a password',
  remedy: 'put it into the URL or PGPASSWORD',
};
const silence: Explanation = { fact: 'does not answer', remedy: 'start it, or name another with --database-url' };

/** What happened when a connection was asked for, in the database's own words, and what to do. */
export function explainFailure(error: unknown, location: string): string {
  const { fact, remedy } = explanationOf(error);
  return `PostgreSQL at ${location} ${fact} (${wordsOf(error)}): ${remedy}.`;
}

function explanationOf(error: unknown): Explanation {
  if (error instanceof DatabaseUnavailable) return explanationOf(error.cause);
  if (error instanceof NoServerUsable) {
    const each: Explanation[] = error.errors.map(({ cause }: Error) => explanationOf(cause));
    const isOne = each.every(({ fact }) => fact === each[0]?.fact);
    return (isOne && each[0]) || { fact: 'cannot be used at any of its hosts', remedy: 'start one, or check the URL' };
  }
  const code = codeOf(error);
  const words = `${code} ${wordsOf(error)}`;
  if (/password must be a|empty password/.test(words)) return noPassword;
  const known = explanations.find(([pattern]) => pattern.test(code));
  if (known) return known[1];
  if (/^(?!E)[0-9A-Z]{5}$/.test(code)) return { fact: 'answers with an error', remedy: 'check the URL and the server' };
  if (/SSL|TLS|CERT|certificate|EPROTO/.test(words)) return tls;
  return silence;
}
