import { atOnce } from './turns.ts';

/**
 * The rows with these ids, in the order of the ids and without those that are gone, so many at a time that others reach
 * the database in between: some have 16 kB of metadata.
 */
export async function readInParts<Row extends { readonly id: string }>(
  ids: readonly string[],
  read: (ids: string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < ids.length; start += atOnce) {
    const part = ids.slice(start, start + atOnce);
    const byId = new Map((await read(part)).map((row) => [row.id, row])); // one part after the other
    rows.push(...part.flatMap((id) => byId.get(id) ?? []));
  }
  return rows;
}

/** How often a page is read, of which rows were changed while it was. */
const mostReadings = 5;

/** A page of rows in parts: read again where some no longer match when their part is read, since a short page seems to be the last. */
export async function readPageInParts<Row extends { readonly id: string }>(
  findIds: () => Promise<{ readonly id: string }[]>,
  read: (ids: string[]) => Promise<Row[]>,
): Promise<Row[]> {
  for (let reading = 1; ; reading += 1) {
    const ids = (await findIds()).map(({ id }) => id);
    const rows = await readInParts(ids, read); // one after the other
    if (rows.length === ids.length || reading === mostReadings) return rows;
  }
}
