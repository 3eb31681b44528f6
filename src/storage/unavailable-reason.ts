/**
 * What clients learn about a database that cannot be used: the kind of it, by SQLSTATE, and nothing of the database's
 * own words. https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const reasons: readonly (readonly [code: RegExp, reason: string])[] = [
  [
    /^(28|3D000|42501)/,
    "The registry database refuses the server's login; ask who runs the server to look into its log.",
  ],
  [/^53300/, 'The registry database has no connection left; try again shortly.'],
  [/^57P03/, 'The registry database is starting up or shutting down; try again shortly.'],
  [/^25006/, 'The registry database is read-only; try again shortly, or ask who runs the server.'],
  [/^(57014|55P03)/, 'The registry database did not answer in time; try again shortly.'],
];

/** The reason for an error of the driver's, or the sentence that fits always. */
export function unavailableReason(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  const known = typeof code === 'string' ? reasons.find(([pattern]) => pattern.test(code)) : undefined;
  return known?.[1] ?? 'The registry database does not answer; try again shortly.';
}
