import type { Environment } from '../domain/policy.ts';
import { InvalidInput } from '../domain/refusals.ts';
import type { AllocationStatus } from '../domain/registry-model.ts';
import type { Prisma } from '../storage/prisma/client.ts';
import { type AllocationFilterRef, allocationsWhere } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import type { SchemaContext } from './context.ts';
import type { Enums } from './enums.ts';
import { hostDescription } from './host-argument.ts';
import { listComplexity, longestList } from './limits.ts';

const defaultPage = 100;

export type PortAllocationRef = ReturnType<typeof addPortAllocation>;

export function addPortAllocation(builder: Builder, enums: Enums, AllocationFilter: AllocationFilterRef) {
  const PortAllocation = builder.prismaObject('PortAllocation', {
    description: 'A claim on a port of a host. It outlives the process that listens there.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its own, also once another allocation holds the port.' }),
      port: t.expose('port', { type: 'Port' }),
      serviceName: t.exposeString('serviceName'),
      description: t.exposeString('description', { nullable: true }),
      environment: t.field({
        type: enums.Environment,
        description: 'What it is for.',
        resolve: ({ environment }) => environment as Environment, // by the column's CHECK
      }),
      status: t.field({
        type: enums.AllocationStatus,
        description: 'How it stands.',
        resolve: ({ status }) => status as AllocationStatus, // by the column's CHECK
      }),
      conversationId: t.exposeString('conversationId', { nullable: true }),
      metadata: t.expose('metadata', { type: 'JSONObject', nullable: true }),
      publicHostnames: t.exposeStringList('publicHostnames'),
      allocatedAt: t.expose('allocatedAt', { type: 'DateTime' }),
      releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true }),
      lastCheckedAt: t.expose('lastCheckedAt', { type: 'DateTime', nullable: true }),
      lastActiveAt: t.expose('lastActiveAt', { type: 'DateTime', nullable: true }),
      processId: t.exposeInt('processId', { nullable: true }),
      url: t.string({
        description:
          "Where the service answers: on localhost for the host that this server observes, else under the host's name.",
        resolve: ({ hostName, port }, _args, { registry }) =>
          `http://${hostName === registry.hostName ? 'localhost' : hostName}:${port}`,
      }),
      // An event's allocation is what it was then, not the row as it is now, so these go by its own keys.
      host: t.relation('host', {
        description: 'The host whose port it is.',
        resolve: (query, allocation, _args, { prisma }) =>
          broughtAlong(allocation, 'host') ??
          prisma.host.findUniqueOrThrow({ ...query, where: { name: allocation.hostName } }),
      }),
      codebase: t.relation('codebase', {
        nullable: true,
        description: "Its owner's codebase; null where there is none.",
        resolve: (query, allocation, _args, { prisma }) => {
          const { codebaseId } = allocation;
          if (codebaseId === null) return null;
          return (
            broughtAlong(allocation, 'codebase') ?? prisma.codebase.findUnique({ ...query, where: { id: codebaseId } })
          );
        },
      }),
      worktree: t.relation('worktree', {
        nullable: true,
        description: 'The worktree that owns it; null where none does.',
        resolve: (query, allocation, _args, { prisma }) => {
          const { worktreeId } = allocation;
          if (worktreeId === null) return null;
          return (
            broughtAlong(allocation, 'worktree') ?? prisma.worktree.findUnique({ ...query, where: { id: worktreeId } })
          );
        },
      }),
    }),
  });

  const AllocationOrder = builder.inputType('AllocationOrder', {
    description: 'How allocations are ordered; those that are equal in it, by id.',
    fields: (t) => ({
      by: t.field({ type: enums.AllocationOrderField, required: true, description: 'What counts.' }),
      direction: t.field({
        type: enums.SortDirection,
        required: true,
        defaultValue: 'asc',
        description: 'Which end comes first.',
      }),
    }),
  });

  builder.queryFields((t) => ({
    portAllocation: t.prismaField({
      type: PortAllocation,
      nullable: true,
      description: 'The live allocation of a port; null where nobody holds it.',
      args: {
        port: t.arg({ type: 'Port', required: true, description: 'The port.' }),
        host: t.arg.string({ description: hostDescription }),
      },
      resolve: (query, _root, { port, host }, { prisma, registry }) =>
        prisma.portAllocation.findFirst({
          ...query,
          where: { port, hostName: host ?? registry.hostName, releasedAt: null },
        }),
    }),
    portAllocations: t.prismaConnection(
      {
        type: PortAllocation,
        cursor: 'id',
        defaultSize: defaultPage,
        maxSize: longestList,
        description: `Allocations, by port unless ordered otherwise; ${defaultPage} at a time unless \`first\` or \`last\` says how many, at most ${longestList}.`,
        args: {
          where: t.arg({ type: AllocationFilter, description: 'Which of them. Left out: the live ones.' }),
          orderBy: t.arg({ type: AllocationOrder, description: 'Left out: by port, ascending.' }),
        },
        complexity: listComplexity,
        totalCount: async (_root, { where }, { prisma, registry }) =>
          prisma.portAllocation.count({ where: await allocationsWhere(where, registry.hostName) }),
        resolve: async (query, _root, { where, orderBy, ...page }, { prisma, registry }) => {
          refuseForeignCursors(page);
          const { by, direction } = orderBy ?? { by: 'port', direction: 'asc' };
          const filter = await allocationsWhere(where, registry.hostName);
          return prisma.portAllocation.findMany({
            ...query,
            ...(await skipOf(query, filter, prisma)),
            where: filter,
            orderBy: [{ [by]: direction }, { id: direction }],
          });
        },
      },
      {
        name: 'PortAllocationConnection',
        description: 'A page of allocations.',
        fields: (t) => ({
          // In place of the plugin's, which has no description.
          totalCount: t.int({
            description: 'How many there are on all pages together.',
            extensions: { pothosPrismaTotalCount: true },
            resolve: (page) => (page as unknown as { totalCount: () => Promise<number> }).totalCount(), // put there by the plugin
          }),
        }),
      },
      { name: 'PortAllocationEdge', description: 'An allocation and its place in the page.' },
    ),
  }));
  return PortAllocation;
}

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

/** What an event's allocation belongs to was read with the event; other allocations bring nothing. */
function broughtAlong(allocation: object, relation: 'host' | 'codebase' | 'worktree'): never | undefined {
  return (allocation as { [Relation in typeof relation]?: never })[relation]; // rows of the relation's own type
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
