import { parseHosts, type ServerAddress } from './hosts.ts';
import { decode, refuse, takesUrl } from './invalid-url.ts';
import { readTlsParameters, type TlsParameters, tlsParameters } from './tls-parameters.ts';

/** What a `postgresql://` URL says, read as libpq does. */
export interface PostgresqlUrl {
  /** At least one, in the order in which they are tried. */
  readonly servers: readonly ServerAddress[];
  /** Undefined leaves it to PGUSER, PGPASSWORD or PGDATABASE, as the driver has it. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly tls: TlsParameters;
  readonly sessionAttributes: SessionAttributes;
  readonly applicationName: string | undefined;
  /** Command-line options for the server, such as `-c work_mem=8MB`. Poolers refuse them. */
  readonly options: string | undefined;
  readonly connectTimeoutMs: number | undefined;
  /** The URL without user, password and parameters: all of it that is ever shown. */
  readonly location: string;
}

const sessionAttributes = ['any', 'read-write', 'primary', 'read-only', 'standby', 'prefer-standby'] as const;
type SessionAttributes = (typeof sessionAttributes)[number];

const form = /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
/** Seconds. */
const longestConnectTimeout = 60;

/** Each changes nothing here, or says what holds anyway. */
const ignored = new Set([
  'client_encoding',
  'fallback_application_name',
  'gssencmode',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'load_balance_hosts',
  'tcp_user_timeout',
  'uselibpqcompat',
  // Prisma's.
  'connection_limit',
  'pgbouncer',
  'pool_timeout',
  'schema',
]);
const used = new Set([
  ...['host', 'port', 'user', 'password', 'dbname', 'target_session_attrs'],
  ...['application_name', 'options', 'connect_timeout', ...tlsParameters],
]);

/** Parses a URL with one host or several, a socket's directory, and libpq's parameters. Throws InvalidPostgresqlUrl. */
export function parsePostgresqlUrl(text: string): PostgresqlUrl {
  const { authority = '', database = '', query = '' } = form.exec(text)?.groups ?? refuse(takesUrl);
  // An @ there is of a password that had to be escaped.
  if (`${database}${query}`.includes('@')) refuse(takesUrl);
  const parameters = parseQuery(query);
  const at = authority.lastIndexOf('@');
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  const servers = parseHosts(authority.slice(at + 1), parameters);
  const name = parameters.get('dbname') || decode(database);
  const attributes = parameters.get('target_session_attrs') || 'any';
  return {
    servers,
    user: parameters.get('user') || decode(user) || undefined,
    password: parameters.get('password') || decode(password) || undefined,
    database: name || undefined,
    tls: readTlsParameters(parameters),
    sessionAttributes:
      sessionAttributes.find((each) => each === attributes) ??
      refuse(`a target_session_attrs of ${sessionAttributes.join(', ')}`),
    applicationName: parameters.get('application_name') || undefined,
    options: parameters.get('options') || undefined,
    connectTimeoutMs: readConnectTimeout(parameters.get('connect_timeout')),
    location: `postgresql://${servers.map(({ label }) => label).join(',')}/${encodeURIComponent(name)}`,
  };
}

/** Reads the URL of a registry's database, which must take writes. Throws InvalidPostgresqlUrl. */
export function parseRegistryUrl(text: string): PostgresqlUrl {
  const url = parsePostgresqlUrl(text);
  if (/read-only|standby/.test(url.sessionAttributes))
    refuse('target_session_attrs=read-write, since a registry is written');
  return url;
}

/** A URL with the sslmode that the environment gives (PGSSLMODE), where it has none of its own. */
export function withDefaultSslMode(text: string, mode: string | undefined): string {
  if (!mode || /[?&]ssl(mode)?=/.test(text)) return text;
  return `${text}${text.includes('?') ? '&' : '?'}sslmode=${encodeURIComponent(mode)}`;
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&').filter(Boolean)) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? [];
    if (!/^\w+$/.test(name)) refuse(takesUrl);
    if (!used.has(name) && !ignored.has(name)) {
      refuse(`a URL without the parameter ${name}, which is not supported`);
    }
    parameters.set(name, decode(value));
  }
  return parameters;
}

function readConnectTimeout(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > longestConnectTimeout) {
    refuse(`a connect_timeout from 1 to ${longestConnectTimeout} seconds`);
  }
  return seconds * 1_000;
}
