/** The same text for the same facts, in whatever order the database keeps an object's keys. */
export function fingerprint(facts: unknown): string {
  return JSON.stringify(facts, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
