import type { Environment } from '../domain/policy.ts';
import { InvalidInput, NotFound } from '../domain/refusals.ts';
import type { Codebase } from '../domain/registry-model.ts';
import { isPlaceholderService, isPrimaryService, type Service } from '../templates/service.ts';
import { type AllocationFilterRef, allocationsWhere } from './allocation-filter.ts';
import { allocationUrl } from './allocation-url.ts';
import type { SchemaContext } from './context.ts';
import { longestList } from './list-arguments.ts';

/** The services whose live allocations match; refused where there are none, or more than a list has. */
export async function matchingServices(
  where: AllocationFilterRef['$inferInput'],
  { prisma, registry }: SchemaContext,
): Promise<Service[]> {
  const filter = await allocationsWhere(where, registry);
  const rows = await prisma.portAllocation.findMany({
    where: { AND: [filter, { releasedAt: null }] },
    include: { codebase: true, worktree: true },
    take: longestList + 1,
  });
  if (rows.length === 0) {
    throw new NotFound(
      'No live allocation matches where: allocate a port first, or ask for less in where; the query portAllocations shows what is held.',
    );
  }
  if (rows.length > longestList) {
    const message = `More than ${longestList} live allocations match: add a condition, such as worktreePath or codebaseId.`;
    throw new InvalidInput([{ path: ['where'], message }]);
  }
  return rows.map(({ codebase, worktree, environment, ...row }) => {
    const owners = { codebase: codebase as Codebase | null, worktree }; // by the columns' CHECKs
    return {
      serviceName: row.serviceName,
      port: row.port,
      url: allocationUrl(row, registry.hostName),
      environment: environment as Environment, // by the column's CHECK
      description: row.description,
      host: row.hostName,
      worktreePath: worktree?.path ?? null,
      isPrimary: isPrimaryService(row, owners),
      isPlaceholder: isPlaceholderService(row, owners),
    };
  });
}
