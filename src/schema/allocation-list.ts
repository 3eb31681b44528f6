import { InvalidInput } from '../domain/refusals.ts';
import type { Prisma } from '../storage/prisma/client.ts';
import { type AllocationFilterRef, allocationsWhere } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import type { SchemaContext } from './context.ts';
import type { Enums } from './enums.ts';
import { listComplexity, longestList, rootPage } from './list-arguments.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import { readPageInParts } from './read-in-parts.ts';
import { atOnce } from './turns.ts';

interface Types {
  readonly PortAllocation: PortAllocationRef;
  readonly AllocationFilter: AllocationFilterRef;
}

/** The connection of all allocations. */
export function addAllocationList(builder: Builder, enums: Enums, { PortAllocation, AllocationFilter }: Types): void {
  const AllocationOrder = addAllocationOrder(builder, enums);
  builder.queryField('portAllocations', (t) =>
    t.prismaConnection(
      {
        type: PortAllocation,
        cursor: 'id',
        defaultSize: rootPage,
        maxSize: longestList,
        description: `Allocations, by port unless ordered otherwise; ${rootPage} at a time unless \`first\` or \`last\` says how many, at most ${longestList}.`,
        args: {
          where: t.arg({ type: AllocationFilter, description: 'Which of them. Left out: the live ones.' }),
          orderBy: t.arg({ type: AllocationOrder, description: 'Left out: by port, ascending.' }),
        },
        complexity: listComplexity(rootPage),
        totalCount: async (_root, { where }, { prisma, registry }) =>
          prisma.portAllocation.count({ where: await allocationsWhere(where, registry) }),
        resolve: async (query, _root, { where, orderBy, ...cursors }, { prisma, registry }) => {
          refuseForeignCursors(cursors);
          const { by, direction } = orderBy ?? { by: 'port', direction: 'asc' };
          const filter = await allocationsWhere(where, registry);
          const { take, skip, cursor, ...wanted } = query;
          const place = { take, skip, ...(cursor && { cursor }), ...(await skipOf(query, filter, prisma)) };
          const page = { ...place, where: filter, orderBy: [{ [by]: direction }, { id: direction }] };
          if (Math.abs(take) <= atOnce) return prisma.portAllocation.findMany({ ...wanted, ...page });
          return readPageInParts(
            () => prisma.portAllocation.findMany({ ...page, select: { id: true } }),
            (ids) => prisma.portAllocation.findMany({ ...wanted, where: { AND: [filter, { id: { in: ids } }] } }),
          );
        },
      },
      {
        name: 'PortAllocationConnection',
        description: 'A page of allocations.',
        fields: (page) => ({
          // In place of the plugin's, which has no description.
          totalCount: page.int({
            description: 'How many there are on all pages together.',
            extensions: { pothosPrismaTotalCount: true },
            resolve: (parent) => (parent as unknown as { totalCount: () => Promise<number> }).totalCount(), // put there by the plugin
          }),
        }),
      },
      { name: 'PortAllocationEdge', description: 'An allocation and its place in the page.' },
    ),
  );
}

const addAllocationOrder = (builder: Builder, { AllocationOrderField, SortDirection }: Enums) =>
  builder.inputType('AllocationOrder', {
    description: 'How allocations are ordered; those that are equal in it, by id.',
    fields: (t) => ({
      by: t.field({ type: AllocationOrderField, required: true, description: 'What counts.' }),
      direction: t.field({
        type: SortDirection,
        required: true,
        defaultValue: 'asc',
        description: 'Which end comes first.',
      }),
    }),
  });

/**
 * Prisma begins a page at the cursor's row and passes over it. Where that row no longer matches, since
 * it was released meanwhile for one, it would pass over the next one instead.
 */
async function skipOf(
  { cursor }: { readonly cursor?: Prisma.PortAllocationWhereUniqueInput },
  filter: Prisma.PortAllocationWhereInput,
  prisma: SchemaContext['prisma'],
): Promise<{ skip?: number }> {
  if (!cursor) return {};
  return { skip: await prisma.portAllocation.count({ where: { AND: [filter, { id: cursor.id }] } }) };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The plugin decodes any text; the database would choke on one that is no id. */
function refuseForeignCursors(page: { after?: string | null; before?: string | null }): void {
  for (const field of ['after', 'before'] as const) {
    const cursor = page[field];
    if (cursor === null || cursor === undefined) continue;
    const [, id = ''] = /^GPC:S:(.*)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
    if (!uuid.test(id)) {
      throw new InvalidInput([{ path: [field], message: 'It is a cursor that a page of allocations gave.' }]);
    }
  }
}
