import { formats } from '../interchange/formats.ts';
import type { AllocationFilterRef } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import { largestAnswer } from './execution.ts';
import { exportTooLarge, mostExported, readContents } from './exported-contents.ts';
import { listOf } from './limits.ts';
import type { RegistryFormatRef } from './registry-format.ts';

export function addExportRegistry(
  builder: Builder,
  types: { readonly AllocationFilter: AllocationFilterRef; readonly RegistryFormat: RegistryFormatRef },
): void {
  builder.queryField('exportRegistry', (t) =>
    t.string({
      description:
        'The registry as a file, for importRegistry or for another program. Formats of one host tell that of `where`, or else the one that this server observes; only JSON tells what is released.',
      complexity: listOf(mostExported),
      args: {
        format: t.arg({ type: types.RegistryFormat, required: true, description: 'What the file looks like.' }),
        where: t.arg({
          type: types.AllocationFilter,
          description:
            'Which allocations, with the codebases and worktrees that they belong to. Left out: all that are live; as JSON, everything.',
        }),
      },
      resolve: async (_root, { format, where }, context) => {
        const content = formats[format].write(await readContents(context, format, where ?? null));
        if (Buffer.byteLength(content) <= largestAnswer) return content;
        throw exportTooLarge();
      },
    }),
  );
}
