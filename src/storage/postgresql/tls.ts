import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { TlsParameters } from './tls-parameters.ts';

/** One way to speak to a server: in the clear, or encrypted with these options. */
export type Encryption = false | ConnectionOptions;

/** A file that the URL names cannot be read. */
export class CertificateUnreadable extends Error {
  override readonly name = 'CertificateUnreadable';

  constructor(parameter: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : cause;
    super(
      `The file that ${parameter} of the database URL names cannot be read (${reason}): check its path and its rights.`,
      {
        cause,
      },
    );
  }
}

/** The ways that a mode allows, in the order in which they are tried. Reads the certificates; throws CertificateUnreadable. */
export function encryptionsOf({ mode, rootCertificate, certificate, key }: TlsParameters): readonly Encryption[] {
  if (mode === 'disable') return [false];
  const own = { cert: read('sslcert', certificate), key: read('sslkey', key) };
  const unverified = { ...own, rejectUnauthorized: false };
  switch (mode) {
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require':
      return [unverified];
    case 'verify-ca':
      return [{ ...own, ca: read('sslrootcert', rootCertificate), checkServerIdentity: () => undefined }];
    case 'verify-full':
      return [{ ...own, ca: read('sslrootcert', rootCertificate) }];
  }
}

/** Whether a server that refused one way may take the other: it does not speak TLS, or its pg_hba.conf wants the other. */
export function refusesEncryption(error: unknown): boolean {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return code === '28000' || message === 'The server does not support SSL connections';
}

function read(parameter: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CertificateUnreadable(parameter, error);
  }
}
