import { type ImportChoices, importCommand, readImportChoices } from '../commands/import.ts';
import { readArguments } from '../commands/read-arguments.ts';
import type { ParsedCommand } from './shared-command.ts';

export interface ScarArguments extends ImportChoices {
  /** Of SCAR's database; null for the one that the environment names. */
  readonly url: string | null;
}

/** What `import scar-db` takes: what an import takes, and instead of a file a database. */
export const importScar: ParsedCommand<ScarArguments> = {
  name: 'import scar-db',
  summary: "Register the ports that are held in SCAR's own PostgreSQL database.",
  words: [
    {
      name: 'url',
      description: 'where it is (default: SCAR_DATABASE_URL, which other users of the machine do not see)',
    },
  ],
  flags: importCommand.flags.filter(({ name }) => name !== 'format'),
  examples: ['--dry-run', 'postgresql://scar@localhost:5432/scar'],
  parse(given) {
    const read = readArguments(importScar, given);
    return { ...readImportChoices(read), url: read.optionalText('url') };
  },
};
