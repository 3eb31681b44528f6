import type { Environment } from '../domain/policy.ts';
import type { AllocationStatus } from '../domain/registry-model.ts';
import type { Codebase, Worktree } from '../storage/prisma/client.ts';
import { allocationUrl } from './allocation-url.ts';
import type { Builder } from './builder.ts';
import type { Enums } from './enums.ts';
import { hostDescription, hostInput } from './host-argument.ts';
import { findHost } from './host-rows.ts';
import { metadataWeight } from './limits.ts';
import { parseInput } from './parse-input.ts';
import { type AllocationAsSeen, addSightings } from './sightings.ts';

export type PortAllocationRef = ReturnType<typeof addPortAllocation>;

/**
 * What an event's or a conflict's allocation belongs to was read with it; other allocations bring nothing.
 * Those are rows but for their revision, which no field tells.
 */
interface AllocationWithRelations extends AllocationAsSeen {
  readonly codebase?: Codebase | null;
  readonly worktree?: Worktree | null;
}

export function addPortAllocation(builder: Builder, enums: Enums) {
  const allocation = builder.prismaObject('PortAllocation', {
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
      metadata: t.expose('metadata', { type: 'JSONObject', nullable: true, complexity: metadataWeight }),
      publicHostnames: t.exposeStringList('publicHostnames'),
      allocatedAt: t.expose('allocatedAt', { type: 'DateTime' }),
      releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true }),
      processId: t.exposeInt('processId', { nullable: true }),
      url: t.string({
        description:
          "Where the service answers: on localhost for the host that this server observes, else under the host's name.",
        resolve: (allocation, _args, { registry }) => allocationUrl(allocation, registry.hostName),
      }),
    }),
  });
  addRelations(builder);
  addSightings(builder, enums);

  builder.queryField('portAllocation', (t) =>
    t.prismaField({
      type: allocation,
      nullable: true,
      description: 'The live allocation of a port; null where nobody holds it.',
      args: {
        port: t.arg({ type: 'Port', required: true, description: 'The port.' }),
        host: t.arg.string({ description: hostDescription }),
      },
      resolve: (query, _root, { port, host }, { prisma, registry }) => {
        const hostName = parseInput(hostInput, { host }).host ?? registry.hostName;
        return prisma.portAllocation.findFirst({ ...query, where: { port, hostName, releasedAt: null } });
      },
    }),
  );
  return allocation;
}

/** An event's allocation is what it was then, and a dry run's is no row at all, so these go by its own keys. */
function addRelations(builder: Builder): void {
  builder.prismaObjectFields('PortAllocation', (t) => ({
    host: t.relation('host', {
      description: 'The host whose port it is.',
      resolve: (query, { host, hostName }: AllocationWithRelations, _args, { prisma }) =>
        host ?? findHost(prisma, { ...query }, hostName),
    }),
    codebase: t.relation('codebase', {
      nullable: true,
      description: "Its owner's codebase; null where there is none.",
      resolve: (query, { codebase, codebaseId }: AllocationWithRelations, _args, { prisma }) => {
        if (codebaseId === null) return null;
        return codebase ?? prisma.codebase.findUnique({ ...query, where: { id: codebaseId } });
      },
    }),
    worktree: t.relation('worktree', {
      nullable: true,
      description: 'The worktree that owns it; null where none does.',
      resolve: (query, { worktree, worktreeId }: AllocationWithRelations, _args, { prisma }) => {
        if (worktreeId === null) return null;
        return worktree ?? prisma.worktree.findUnique({ ...query, where: { id: worktreeId } });
      },
    }),
  }));
}
