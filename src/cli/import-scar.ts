import type { ImportRegistryResult } from '../client/client.ts';
import { writeScarDatabase } from '../interchange/scar-database.ts';
import { withDefaultSslMode } from '../storage/postgresql/url.ts';
import { UsageMistake } from './fail.ts';
import { type Importer, importInParts } from './import-in-parts.ts';
import type { ScarArguments } from './scar-command.ts';
import { readScarDatabase } from './scar-database.ts';

/** Imports what SCAR's database says of ports, as a file that says the same. */
export async function importScarDatabase(
  { url, ...choices }: ScarArguments,
  importer: Importer,
  { SCAR_DATABASE_URL, PGSSLMODE }: NodeJS.ProcessEnv,
): Promise<ImportRegistryResult> {
  const where = url || SCAR_DATABASE_URL;
  if (!where) throw new UsageMistake("Say where SCAR's database is: set SCAR_DATABASE_URL to its URL, or give that.");
  const content = writeScarDatabase(await readScarDatabase(withDefaultSslMode(where, PGSSLMODE)));
  return importInParts({ ...choices, content, format: 'JSON' }, importer);
}
