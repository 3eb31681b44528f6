import { z } from 'zod';
import { type AllocationFilterRef, allocationsQuery } from './allocation-filter.ts';
import type { Builder } from './builder.ts';
import { identifier } from './input-rules.ts';
import { listComplexity, nestedPage, pageArguments, pageOf, rootPage } from './list-arguments.ts';
import { parseInput } from './parse-input.ts';

const codebaseIdInput = z.object({ id: identifier });

export type CodebaseRef = ReturnType<typeof addCodebase>;

export function addCodebase(builder: Builder, AllocationFilter: AllocationFilterRef) {
  const ServicePort = builder.objectRef<{ service: string; port: number }>('ServicePort').implement({
    description: 'A port that a codebase keeps for one of its services.',
    fields: (t) => ({
      service: t.exposeString('service', { description: "The service's name, as allocations name it." }),
      port: t.expose('port', {
        type: 'Port',
        description:
          'What the service is given first where it lies in the range; other codebases do not get it automatically.',
      }),
    }),
  });
  const PortConfig = builder
    .objectRef<{ primaryPort: number | null; servicePorts: Record<string, number> }>('PortConfig')
    .implement({
      description: 'The ports that a codebase keeps for itself.',
      fields: (t) => ({
        primaryPort: t.expose('primaryPort', {
          type: 'Port',
          nullable: true,
          description: "The port of the service that bears the codebase's name; null where none is configured.",
        }),
        servicePorts: t.field({
          type: [ServicePort],
          description: 'The ports of its services, by service name.',
          resolve: ({ servicePorts }) =>
            Object.entries(servicePorts)
              .map(([service, port]) => ({ service, port }))
              .sort((a, b) => (a.service < b.service ? -1 : 1)),
        }),
      }),
    });

  const Codebase = builder.prismaObject('Codebase', {
    description: 'A repository, whatever hosts its worktrees are on.',
    fields: (t) => ({
      id: t.exposeID('id'),
      name: t.exposeString('name'),
      repositoryUrl: t.exposeString('repositoryUrl', { nullable: true }),
      defaultCwd: t.exposeString('defaultCwd', { nullable: true }),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      portConfig: t.field({
        type: PortConfig,
        nullable: true,
        description: 'The ports that it keeps for itself; null where it configures none.',
        resolve: ({ primaryPort, servicePorts }) => {
          const ports = servicePorts as Record<string, number>; // by the column's CHECK
          return primaryPort === null && Object.keys(ports).length === 0 ? null : { primaryPort, servicePorts: ports };
        },
      }),
      worktrees: t.relation('worktrees', {
        description: 'Its registered worktrees, by host and path.',
        args: pageArguments(builder, nestedPage),
        complexity: listComplexity(nestedPage),
        query: (args) => ({
          where: { removedAt: null },
          orderBy: [{ hostName: 'asc' }, { path: 'asc' }],
          ...pageOf(args, nestedPage),
        }),
      }),
      allocations: t.relation('allocations', {
        description: 'Its allocations, in its worktrees or not, by port.',
        args: {
          where: t.arg({ type: AllocationFilter, description: 'Which of them. Left out: the live ones.' }),
          ...pageArguments(builder, nestedPage),
        },
        complexity: listComplexity(nestedPage),
        query: allocationsQuery,
      }),
    }),
  });

  builder.queryFields((t) => ({
    codebase: t.prismaField({
      type: Codebase,
      nullable: true,
      description: 'A codebase by id; null where there is none.',
      args: { id: t.arg.id({ required: true, description: 'The id that registration gave or was given.' }) },
      resolve: (query, _root, { id }, { prisma }) =>
        prisma.codebase.findUnique({ ...query, where: parseInput(codebaseIdInput, { id }) }),
    }),
    codebases: t.prismaField({
      type: [Codebase],
      description: 'The registered codebases, by name.',
      args: pageArguments(builder, rootPage),
      complexity: listComplexity(rootPage),
      resolve: (query, _root, args, { prisma }) =>
        prisma.codebase.findMany({ ...query, ...pageOf(args, rootPage), orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
    }),
  }));
  return Codebase;
}
