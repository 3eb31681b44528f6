import { z } from 'zod';
import type { AllocationStatus } from '../domain/registry-model.ts';
import type { Registry } from '../registry/registry.ts';
import type { Prisma } from '../storage/prisma/client.ts';
import type { Builder } from './builder.ts';
import type { SchemaContext } from './context.ts';
import type { Enums } from './enums.ts';
import { absolutePath, environment, hostName, identifier, optional, port, severalOf } from './input-rules.ts';
import { nestedPage, type Page, pageOf } from './list-arguments.ts';
import { parseInput } from './parse-input.ts';

export type AllocationFilterRef = ReturnType<typeof addAllocationFilter>;

export function addAllocationFilter(builder: Builder, { Environment, AllocationStatus }: Enums) {
  return builder.inputType('AllocationFilter', {
    description:
      'Which allocations are wanted. All conditions must hold; what is null or left out does not matter. A list has at most 1000 entries.',
    fields: (t) => ({
      host: t.string({ description: "A host's name." }),
      ports: t.field({ type: ['Port'], description: 'Any of these ports.' }),
      environments: t.field({ type: [Environment], description: 'Any of these environments.' }),
      statuses: t.field({
        type: [AllocationStatus],
        description: 'Any of these. Left out: the live ones, ALLOCATED and ACTIVE.',
      }),
      serviceName: t.string({ description: "Exactly this service's name." }),
      codebaseId: t.id({ description: 'Those of this codebase, in its worktrees or not.' }),
      worktreePath: t.string({ description: 'Those of the worktree at this absolute path, on whatever host.' }),
      conversationId: t.string({ description: 'Those made on behalf of this conversation.' }),
      orphaned: t.boolean({
        description: 'True: only those whose worktree is gone from disk. False: only the others.',
      }),
    }),
  });
}

type AllocationFilterInput = AllocationFilterRef['$inferInput'] | null | undefined;

const allocationFilterInput = z.object({
  host: optional(hostName),
  ports: optional(severalOf(port)),
  environments: optional(severalOf(environment)),
  statuses: optional(severalOf(z.custom<AllocationStatus>())), // by its enum
  serviceName: optional(identifier),
  codebaseId: optional(identifier),
  worktreePath: optional(absolutePath),
  conversationId: optional(identifier),
  orphaned: optional(z.boolean()),
});

/** The filter for Prisma. A path is taken as the registry knows it. */
export async function allocationsWhere(
  filter: AllocationFilterInput,
  registry: Registry,
): Promise<Prisma.PortAllocationWhereInput> {
  const { host, ports, environments, statuses, worktreePath, orphaned, ...texts } = parseInput(
    allocationFilterInput,
    filter ?? {},
  );
  const { serviceName, codebaseId, conversationId } = texts;
  const path =
    worktreePath === null
      ? null
      : await registry.canonicalPath({
          path: worktreePath,
          hostName: host ?? registry.hostName,
          field: ['worktreePath'],
        });
  return {
    ...(statuses === null ? { releasedAt: null } : { status: { in: statuses } }),
    ...(host === null ? {} : { hostName: host }),
    ...(ports === null ? {} : { port: { in: ports } }),
    ...(environments === null ? {} : { environment: { in: environments } }),
    ...(serviceName === null ? {} : { serviceName }),
    ...(codebaseId === null ? {} : { codebaseId }),
    ...(conversationId === null ? {} : { conversationId }),
    ...(path === null ? {} : { worktree: { path } }),
    ...(orphaned === null ? {} : orphanedWhere(orphaned)),
  };
}

/** The allocations of a codebase or a worktree for Prisma. The plugin awaits a query, though its types do not say so. */
export function allocationsQuery({ where, ...page }: AllocationsArguments, { registry }: SchemaContext) {
  const query = async (): Promise<Prisma.PortAllocationFindManyArgs> => ({
    where: await allocationsWhere(where, registry),
    orderBy: [{ port: 'asc' }, { hostName: 'asc' }, { id: 'asc' }],
    ...pageOf(page, nestedPage),
  });
  return query() as never;
}

interface AllocationsArguments extends Page {
  readonly where?: AllocationFilterInput;
}

const orphanedWhere = (orphaned: boolean): Prisma.PortAllocationWhereInput => {
  const gone = { worktree: { missingSince: { not: null } } };
  return orphaned ? gone : { NOT: gone };
};
