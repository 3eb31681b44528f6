import type { ImportedRow, ImportOutcome } from '../domain/import-report.ts';
import type { Allocation } from '../domain/registry-model.ts';
import { mostRows } from '../interchange/registry-file.ts';
import type { RegistryImport } from '../registry/import-registry.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { listOf } from './limits.ts';
import { worktreeRow } from './worktree-rows.ts';

/** What an import answers. What a dry run answers is not in the database, so nothing of a row is read from there. */
export function addImportReport(builder: Builder, types: GraphTypes) {
  const ImportRow = addImportRow(builder, types);
  return builder.objectRef<RegistryImport>('ImportReport').implement({
    description: 'What an import did, or would do, with each row of a file.',
    fields: (t) => ({
      dryRun: t.exposeBoolean('dryRun', { description: 'Whether nothing was to be changed.' }),
      applied: t.exposeBoolean('applied', {
        description:
          'Whether it was carried out. If not, since it was a dry run or since it is atomic and not all rows can be had, the outcomes are what they would have been.',
      }),
      created: t.exposeInt('created', { description: 'How many rows are CREATED.' }),
      unchanged: t.exposeInt('unchanged', { description: 'How many rows are UNCHANGED.' }),
      conflicting: t.exposeInt('conflicting', { description: 'How many rows are a CONFLICT.' }),
      invalid: t.exposeInt('invalid', { description: 'How many rows are INVALID.' }),
      rows: t.field({
        type: [ImportRow],
        description: 'Every row of the file, in its order.',
        complexity: listOf(mostRows),
        resolve: ({ rows }) => [...rows],
      }),
    }),
  });
}

function addImportRow(builder: Builder, { PortAllocation }: GraphTypes) {
  const withPlaces = ({ worktree, codebase }: ImportedRow, allocation: Allocation | null) =>
    allocation && {
      ...allocation,
      worktree: worktree && worktreeRow(worktree),
      codebase: codebase && { ...codebase, revision: 0n },
    };
  return builder.objectRef<ImportedRow>('ImportRow').implement({
    description: 'A row of a file, and what becomes of it.',
    fields: (t) => ({
      line: t.exposeInt('line', { description: 'In which line of the file it begins, from 1.' }),
      port: t.expose('port', {
        type: 'Port',
        nullable: true,
        description: 'Its port; null where it has none that could be read, or is about a codebase or a worktree.',
      }),
      serviceName: t.exposeString('serviceName', {
        nullable: true,
        description: 'Its service; null where it names none, or is about a codebase or a worktree.',
      }),
      outcome: t.expose('outcome', { type: addImportOutcome(builder), description: 'What becomes of it, in a word.' }),
      message: t.exposeString('message', { description: 'What becomes of it and why, in a sentence.' }),
      holder: t.field({
        type: PortAllocation,
        nullable: true,
        description: 'What holds the port against it, for a CONFLICT; null where nothing does.',
        resolve: (row) => withPlaces(row, row.holder),
      }),
      allocation: t.field({
        type: PortAllocation,
        nullable: true,
        description: 'What it is registered as, or would be, then with an id that is made up; null where it is not.',
        resolve: (row) => withPlaces(row, row.allocation),
      }),
    }),
  });
}

const addImportOutcome = (builder: Builder) =>
  builder.enumType('ImportOutcome', {
    description: 'What becomes of a row of an imported file.',
    values: {
      CREATED: { description: 'It is registered.' },
      UNCHANGED: { description: 'It is registered already. Nothing that the row says beside that is taken over.' },
      CONFLICT: { description: 'Something else is registered in its place: see the holder and the message.' },
      INVALID: { description: 'It cannot be registered as it is: the message says why.' },
    } satisfies Record<ImportOutcome, object>,
  });
