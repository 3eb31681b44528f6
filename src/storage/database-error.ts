import { unavailableReason } from './unavailable-reason.ts';

/** The database did not answer; whether the work was done is unknown, and repeating it is safe. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  /** `reason`, for clients too: what is so, and what to do. Default: what the driver's code says. */
  constructor(cause: unknown, reason = unavailableReason(cause)) {
    super(reason, { cause });
  }
}

/** Another live allocation holds the port: the unique index refused the write. */
export class LivePortTaken extends Error {
  override readonly name = 'LivePortTaken';
}

/** A host that only callers named was forgotten just as it was written to, or written to as it was to be forgotten. */
export class HostForgotten extends Error {
  override readonly name = 'HostForgotten';
}

/** A damaged embedded database: the next start rebuilds it from the journal. */
export class DatabaseDamaged extends Error {
  override readonly name = 'DatabaseDamaged';
}

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';
const diskFull = '53100';
/** https://www.postgresql.org/docs/18/errcodes-appendix.html: undefined_file, data_corrupted, index_corrupted. */
const corruption = new Set(['58P01', 'XX001', 'XX002']);
/** Connection exceptions (08), insufficient resources (53), operator intervention (57), lock and statement timeouts (55P03, 25P03), and a server that has become a standby (25006). */
const unavailable = /^(08|53|57|55P03|25P03|25006)/;
const unreachable = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENOENT)$/;
const lostConnection = /Connection terminated|timeout exceeded|timed? ?out|not queryable|Client was closed/i;

/** The error that the rest of the code knows, in place of a driver's; the only place that reads error codes. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  if (code === uniqueViolation && constraint === 'port_allocation_live_port_key') {
    return new LivePortTaken('The port was taken by another live allocation.', { cause: error });
  }
  if (code === foreignKeyViolation && typeof constraint === 'string' && constraint.endsWith('_host_name_fkey')) {
    return new HostForgotten('The host was forgotten in the same moment.', { cause: error });
  }
  if (typeof code === 'string' && corruption.has(code)) {
    return new DatabaseDamaged(error.message, { cause: error });
  }
  if (error instanceof WebAssembly.RuntimeError) {
    return new DatabaseDamaged(error.message, { cause: error });
  }
  if (code === diskFull) {
    return new DatabaseUnavailable(
      error,
      "The disk of the registry's database is full: free some space, then try again.",
    );
  }
  if (typeof code === 'string' && (unavailable.test(code) || unreachable.test(code))) {
    return new DatabaseUnavailable(error);
  }
  if (lostConnection.test(error.message)) return new DatabaseUnavailable(error);
  return error;
}

/** Whether an error, or what Prisma wrapped into one, says that the database does not answer. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  if (!(error instanceof Error)) return false;
  // Prisma: cannot reach (P1001), timed out (P1002, P1008), closed (P1017), pool timeout (P2024).
  if (/^(P1001|P1002|P1008|P1017|P2024)$/.test(codeOf(error))) return true;
  if (unavailable.test(sqlStateOf(error))) return true;
  return translateDatabaseError(error) instanceof DatabaseUnavailable;
}

/** character_not_in_repertoire and untranslatable_character, of a NUL above all. */
const unstorable = /^(22021|22P05)$/;

/** Whether an error, or what Prisma wrapped into one, says that a text to look for could never have been stored. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof Error && unstorable.test(sqlStateOf(error));
}

function sqlStateOf(error: Error): string {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } };
  const original = meta?.driverAdapterError?.cause?.originalCode;
  return typeof original === 'string' ? original : codeOf(error);
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
