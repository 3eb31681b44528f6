import { refuse } from './invalid-url.ts';

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
/** https://www.postgresql.org/docs/18/libpq-ssl.html */
type SslMode = (typeof modes)[number];

export interface TlsParameters {
  readonly mode: SslMode;
  /** Paths of PEM files. */
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export const tlsParameters = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'];

/** What node-postgres has beside libpq's modes. */
const otherWords: Readonly<Record<string, SslMode>> = { 'no-verify': 'require' };
const ofSsl: Readonly<Record<string, SslMode>> = {
  true: 'verify-full',
  1: 'verify-full',
  false: 'disable',
  0: 'disable',
  'no-verify': 'require',
};

/** Reads the modes as libpq has them: `prefer` by default, and `require` with a root certificate is `verify-ca`. */
export function readTlsParameters(parameters: ReadonlyMap<string, string>): TlsParameters {
  const root = parameters.get('sslrootcert') || undefined;
  const mode = readMode(parameters);
  if (mode === 'verify-ca' && !root) refuse('an sslrootcert with sslmode=verify-ca, or sslmode=verify-full');
  // The driver verified then, libpq does not: say which.
  if (root && !parameters.get('sslmode')) refuse('an sslmode beside sslrootcert, such as sslmode=verify-full');
  const negotiation = parameters.get('sslnegotiation') || 'postgres';
  if (negotiation !== 'postgres') refuse('no sslnegotiation but postgres');
  if (root === 'system' && mode !== 'verify-full') refuse('sslmode=verify-full with sslrootcert=system');
  return {
    mode: mode === 'require' && root ? 'verify-ca' : mode,
    rootCertificate: root === 'system' ? undefined : root,
    certificate: parameters.get('sslcert') || undefined,
    key: parameters.get('sslkey') || undefined,
  };
}

function readMode(parameters: ReadonlyMap<string, string>): SslMode {
  const mode = parameters.get('sslmode');
  if (mode) {
    return (
      modes.find((each) => each === mode) ??
      otherWords[mode] ??
      refuse(`an sslmode of ${modes.join(', ')}; ${mode} is unknown`)
    );
  }
  const ssl = parameters.get('ssl');
  if (ssl) return ofSsl[ssl] ?? refuse('ssl=true or ssl=false');
  return 'prefer';
}
