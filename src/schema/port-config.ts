import { z } from 'zod';
import { type RenderedConfig as RenderedFile, renderConfig } from '../templates/render-config.ts';
import type { AllocationFilterRef } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import { addConfigFormat } from './config-format.ts';
import { identifier, optional } from './input-rules.ts';
import { listOf } from './limits.ts';
import { longestList } from './list-arguments.ts';
import { matchingServices } from './matching-services.ts';
import { parseInput } from './parse-input.ts';

const portConfigInput = z.object({ service: optional(identifier) });

export function addPortConfig(builder: Builder, AllocationFilter: AllocationFilterRef): void {
  const ConfigFormat = addConfigFormat(builder);
  const RenderedConfig = builder.objectRef<RenderedFile>('RenderedConfig').implement({
    description: 'Configuration for services, ready to be written to a file.',
    fields: (t) => ({
      format: t.expose('format', { type: ConfigFormat, description: 'The format that was asked for.' }),
      filename: t.exposeString('filename', {
        description: 'What such a file is usually called, in the project. Nothing is written by asking.',
      }),
      content: t.exposeString('content', { description: 'The whole text, which ends with a line break.' }),
    }),
  });

  builder.queryField('portConfig', (t) =>
    t.field({
      type: RenderedConfig,
      description:
        'Configuration that gives services their ports, and tells each where the others are. Where nothing matches, an error with the code NOT_FOUND.',
      args: {
        where: t.arg({
          type: AllocationFilter,
          required: true,
          description: `Whose ports: the live allocations that match, at most ${longestList}. A worktreePath gives those of one worktree.`,
        }),
        format: t.arg({ type: ConfigFormat, required: true, description: 'What is to read it.' }),
        service: t.arg.string({
          description:
            "The service that it is for, where several match. Left out: the only one; else the one that bears its codebase's name or has its primary port; else none is preferred, and EXPRESS, VITE and NEXT take the first whose name fits, such as api or web.",
        }),
      },
      complexity: { ...listOf(longestList), multiplier: 1 },
      resolve: async (_root, { where, format, ...args }, context) => {
        const { service } = parseInput(portConfigInput, args);
        return renderConfig(await matchingServices(where, context), format, service);
      },
    }),
  );
}
