import type { Environment } from '../domain/policy.ts';
import type { AllocationStatus } from '../domain/registry-model.ts';
import type { Prisma } from '../storage/prisma/client.ts';
import type { Builder } from './builder.ts';
import type { SchemaContext } from './context.ts';
import type { Enums } from './enums.ts';
import { type Page, pageOf } from './list-arguments.ts';
import { queriedPath } from './queried-path.ts';

export interface AllocationFilterInput {
  readonly host?: string | null;
  readonly ports?: readonly number[] | null;
  readonly environments?: readonly Environment[] | null;
  readonly statuses?: readonly AllocationStatus[] | null;
  readonly serviceName?: string | null;
  readonly codebaseId?: string | null;
  readonly worktreePath?: string | null;
  readonly conversationId?: string | null;
  readonly orphaned?: boolean | null;
}

export type AllocationFilterRef = ReturnType<typeof addAllocationFilter>;

export function addAllocationFilter(builder: Builder, { Environment, AllocationStatus }: Enums) {
  return builder.inputType('AllocationFilter', {
    description: 'Which allocations are wanted. All conditions must hold; what is null or left out does not matter.',
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

/** The filter for Prisma. A path is taken as the registry knows it. */
export async function allocationsWhere(
  filter: AllocationFilterInput | null | undefined,
  observedHost: string,
): Promise<Prisma.PortAllocationWhereInput> {
  const { host, ports, environments, statuses, serviceName, codebaseId, conversationId, orphaned } = filter ?? {};
  const isObserved = (host ?? observedHost) === observedHost;
  const path = filter?.worktreePath ? await queriedPath(filter.worktreePath, 'worktreePath', isObserved) : undefined;
  return {
    ...(statuses ? { status: { in: [...statuses] } } : { releasedAt: null }),
    ...(host ? { hostName: host } : {}),
    ...(ports ? { port: { in: [...ports] } } : {}),
    ...(environments ? { environment: { in: [...environments] } } : {}),
    ...(serviceName ? { serviceName } : {}),
    ...(codebaseId ? { codebaseId } : {}),
    ...(conversationId ? { conversationId } : {}),
    ...(path ? { worktree: { path } } : {}),
    ...(typeof orphaned === 'boolean' ? orphanedWhere(orphaned) : {}),
  };
}

/** The allocations of a codebase or a worktree for Prisma. The plugin awaits a query, though its types do not say so. */
export function allocationsQuery({ where, ...page }: AllocationsArguments, { registry }: SchemaContext) {
  const query = async (): Promise<Prisma.PortAllocationFindManyArgs> => ({
    where: await allocationsWhere(where, registry.hostName),
    orderBy: [{ port: 'asc' }, { hostName: 'asc' }, { id: 'asc' }],
    ...pageOf(page),
  });
  return query() as never;
}

interface AllocationsArguments extends Page {
  readonly where?: AllocationFilterInput | null;
}

const orphanedWhere = (orphaned: boolean): Prisma.PortAllocationWhereInput => {
  const gone = { worktree: { missingSince: { not: null } } };
  return orphaned ? gone : { NOT: gone };
};
