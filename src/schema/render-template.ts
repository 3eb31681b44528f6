import { z } from 'zod';
import { renderTemplate } from '../templates/render-template.ts';
import type { AllocationFilterRef } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import { listOf } from './limits.ts';
import { longestList } from './list-arguments.ts';
import { matchingServices } from './matching-services.ts';
import { parseInput } from './parse-input.ts';

const longestTemplate = 64 * 1_024;

const renderTemplateInput = z.object({
  template: z.string().refine((text) => Buffer.byteLength(text) <= longestTemplate, 'It has at most 64 KiB.'),
});

export function addRenderTemplate(builder: Builder, AllocationFilter: AllocationFilterRef): void {
  builder.queryField('renderTemplate', (t) =>
    t.string({
      description:
        "The caller's own text with the ports and URLs of services in it. Where nothing matches, an error with the code NOT_FOUND.",
      args: {
        where: t.arg({
          type: AllocationFilter,
          required: true,
          description: `Whose ports: the live allocations that match, at most ${longestList}. A worktreePath gives those of one worktree.`,
        }),
        template: t.arg.string({
          required: true,
          description: `At most 64 KiB. \${port.web} and \${url.web} stand for port and URL of the service web, \${port."web"} too, for any name; $\${port.web} is kept, as \${port.web}. All else stays as it is. A name that no match, or more than one, has is refused, with the code INVALID_INPUT.`,
        }),
      },
      // A text that repeats a placeholder comes out longer than it went in.
      complexity: ({ template }) => ({
        ...listOf(longestList),
        field: listOf(longestList).field + template.length,
        multiplier: 1,
      }),
      resolve: async (_root, { where, ...args }, context) => {
        const { template } = parseInput(renderTemplateInput, args);
        return renderTemplate(template, await matchingServices(where, context));
      },
    }),
  );
}
