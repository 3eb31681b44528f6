import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { InvalidInput, isRefusal } from '../domain/refusals.ts';
import { DetectionFailed } from '../observer/detection-failed.ts';
import { DatabaseUnavailable, isUnavailable, isUnstorableText } from '../storage/database-error.ts';
import { UnknownCursor } from '../storage/event-log.ts';

/**
 * What a client may know of an error. Its own mistakes and a database that does not answer are said
 * plainly; anything else is a fault of ours, logged once under a number that the client is given.
 */
export function maskError(error: unknown, log: Logger): Error {
  const cause = error instanceof GraphQLError ? (error.originalError ?? undefined) : error;
  if (error instanceof GraphQLError && (cause === undefined || cause instanceof GraphQLError))
    return asBadRequest(error);
  const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
  const told = (message: string, extensions: Record<string, unknown>) =>
    new GraphQLError(message, { ...place, extensions });

  if (isRefusal(cause)) {
    const issues = cause instanceof InvalidInput ? { issues: cause.issues } : {};
    return told(cause.message, { code: cause.code, ...issues, http: { status: 400 } });
  }
  if (cause instanceof UnknownCursor) return told(cause.message, { code: 'UNKNOWN_CURSOR', http: { status: 400 } });
  if (cause instanceof DetectionFailed) return told(cause.message, { code: 'DETECTION_FAILED', http: { status: 503 } });
  if (isUnstorableText(cause)) {
    return told('A text has a NUL character, which nothing here has.', {
      code: 'INVALID_INPUT',
      http: { status: 400 },
    });
  }
  if (isUnavailable(cause)) {
    log.warn({ err: cause }, 'the database did not answer a request');
    const { message } = cause instanceof DatabaseUnavailable ? cause : new DatabaseUnavailable(cause);
    return told(message, { code: 'UNAVAILABLE', http: { status: 503 } });
  }
  const incident = randomUUID();
  log.error({ err: cause ?? error, incident }, 'a request failed');
  return told(`Something went wrong here, not with your request; the server's log says more under ${incident}.`, {
    code: 'INTERNAL_SERVER_ERROR',
    http: { status: 500 },
  });
}

/** Syntax and validation errors, and what scalars and limits refuse: the client's, whichever media type it accepts. */
export function asBadRequest(error: GraphQLError, code = 'BAD_REQUEST'): GraphQLError {
  const { message, nodes, source, positions, path, extensions } = error;
  const stated = extensions.http as { status?: number } | undefined;
  const http = { ...stated, spec: false, status: stated?.status ?? 400 };
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    path,
    extensions: { code, ...extensions, http },
  });
}
