import type { Environment, ImportRegistryResult, ImportReport, RegistryFormat } from '../client/client.ts';
import { isRefusal } from '../client/refusal.ts';
import { environments, environmentWords, registryFormats, registryFormatWords } from './choices.ts';
import { defineCommand, type Rendered } from './command.ts';
import { guessFormat } from './guess-format.ts';
import { code, paragraphs, table } from './markdown.ts';
import type { ArgumentReader } from './read-arguments.ts';
import { renderRefusal } from './render-refusal.ts';

/** What an import takes, whatever is imported. */
export interface ImportChoices {
  readonly environment: Environment | null;
  readonly dryRun: boolean;
  readonly atomic: boolean;
}

export interface ImportArguments extends ImportChoices {
  readonly format: RegistryFormat;
  readonly content: string;
}

export const readImportChoices = (given: ArgumentReader): ImportChoices => ({
  environment: given.choice('environment', environments),
  dryRun: given.isSet('dry-run'),
  atomic: given.isSet('atomic'),
});

export const importCommand = defineCommand<ImportArguments, ImportRegistryResult>({
  name: 'import',
  summary: 'Register what a file says, each row where nothing stands against it.',
  words: [],
  flags: [
    {
      name: 'format',
      description: 'what it looks like (default: found out)',
      takes: 'format',
      values: registryFormatWords,
    },
    {
      name: 'environment',
      description: "what rows are for that do not say (default: what their ports' ranges are for, else production)",
      takes: 'environment',
      values: environmentWords,
    },
    { name: 'dry-run', description: 'say what would be done, and do nothing' },
    { name: 'atomic', description: 'all rows, or none' },
  ],
  textDescription: 'text',
  examples: ['--format markdown --dry-run', '--atomic'],
  read(given) {
    const content = given.fileText;
    if (content.trim() === '') throw given.misuse('It takes the text of a file, on the lines after the command.');
    const format = given.choice('format', registryFormats) ?? guessFormat(content);
    return { format, content, ...readImportChoices(given) };
  },
  run: ({ environment, ...args }, { client, place: { host } }) =>
    client.importRegistry({ ...args, ...(environment && { environment }), ...(host !== null && { host }) }),
  toMarkdown(result) {
    if (isRefusal(result)) return renderRefusal(result, [code('/port-help import')]);
    return renderReport(result);
  },
});

/** As many as a chat's message holds. */
const mostRows = 30;

function renderReport(report: ImportReport): Rendered {
  const { applied, dryRun, created, unchanged, conflicting, invalid } = report;
  const news = report.rows.filter(({ outcome }) => outcome !== 'UNCHANGED');
  const rows = news.slice(0, mostRows).map(({ line, port, serviceName, outcome, message }) => {
    return [line, port ?? '', serviceName ?? '', outcome.toLowerCase(), message];
  });
  const why = dryRun ? 'a dry run' : 'not all rows can be had';
  return {
    success: applied || dryRun,
    modified: applied && created > 0,
    message: paragraphs([
      `Created: ${created}. Unchanged: ${unchanged}. Conflicts: ${conflicting}. Invalid: ${invalid}.`,
      applied ? null : `Nothing was changed: ${why}.`,
      rows.length > 0 ? table(['Line', 'Port', 'Service', 'Outcome', 'Why'], rows) : null,
      news.length > rows.length ? `… and ${news.length - rows.length} more.` : null,
    ]),
  };
}
