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
