import { z } from 'zod';
import { isRefusal } from '../domain/refusals.ts';
import { parseRegistryFile } from '../interchange/formats.ts';
import type { RegistryFormat } from '../interchange/registry-file.ts';
import type { Builder } from './builder.ts';
import type { GraphTypes } from './graph-types.ts';
import { addImportReport } from './import-report.ts';
import { toImportRows } from './import-rows.ts';
import { environment, hostName, optional } from './input-rules.ts';
import { parseInput } from './parse-input.ts';
import { granted, refusals } from './refusals.ts';
import type { RegistryFormatRef } from './registry-format.ts';

const importInput = z.object({
  format: z.custom<RegistryFormat>(), // by its enum
  content: z.string(),
  host: optional(hostName),
  environment: optional(environment),
  dryRun: z.boolean(),
  atomic: z.boolean(),
});

export function addImportRegistry(builder: Builder, types: GraphTypes, RegistryFormat: RegistryFormatRef): void {
  const ImportReport = addImportReport(builder, types);
  builder.mutationField('importRegistry', (t) =>
    t.field({
      type: ImportReport,
      description:
        'Registers what a file says, each row where nothing stands against it, all in one transaction. Nothing that is registered already is changed, so importing again changes nothing.',
      args: {
        format: t.arg({ type: RegistryFormat, required: true, description: 'What the file looks like.' }),
        content: t.arg.string({
          required: true,
          description: "The file's text, at most 10000 rows. A request takes 1 MiB: import a longer file in parts.",
        }),
        host: t.arg.string({
          description:
            'The host that all rows are about, whatever they say. Left out: the host that a row names, or else the one that this server observes.',
        }),
        environment: t.arg({
          type: types.enums.Environment,
          description:
            'What rows are for that do not say. Left out: that of the range in which their port lies, else production, which no cleanup releases.',
        }),
        dryRun: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Answer what would be done, and do nothing.',
        }),
        atomic: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Import nothing, unless every row is CREATED or UNCHANGED.',
        }),
      },
      errors: {
        types: [refusals.InvalidInput],
        union: { name: 'ImportRegistryResult', description: 'What became of each row, or why the file was refused.' },
      },
      resolve: async (_root, args, { registry }) => {
        const { format, content, host, environment, ...rest } = parseInput(importInput, args);
        const file = parseRegistryFile(format, content);
        if (isRefusal(file)) throw file;
        const rows = toImportRows(file, (named) => host ?? named ?? registry.hostName);
        return granted(await registry.importRegistry({ rows, environment, ...rest }));
      },
    }),
  );
}
