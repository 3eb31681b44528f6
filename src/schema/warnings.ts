import type { Allocation, Codebase, Conflict } from '../domain/registry-model.ts';
import type { Prisma as PrismaNamespace } from '../storage/prisma/client.ts';
import type { Prisma } from '../storage/prisma-client.ts';
import type { ConflictRef } from './conflict.ts';
import { newestFirst, toConflict } from './conflict-rows.ts';
import { groupBy } from './group-by.ts';
import { mostServices } from './inputs.ts';
import { listOf } from './limits.ts';

type Condition = PrismaNamespace.ConflictWhereInput;

/** What a success's list of warnings is; they are read once it is asked for. */
export const warningsOf = (Conflict: ConflictRef, description: string) => ({
  type: [Conflict] as [ConflictRef],
  description: `${description} Open conflicts, the newest first; empty where all is well.`,
  complexity: listOf(mostServices),
});

/** The open conflicts about claims, and about the ranges that they lie in being full. */
export function warningsAboutClaims(prisma: Prisma, claims: readonly Allocation[]): Promise<Conflict[]> {
  const ranges = groupBy(claims, ({ hostName, environment }) => `${environment} ${hostName}`);
  const fullRanges = [...ranges.values()].flatMap(([claim]): Condition[] =>
    claim ? [{ kind: 'range_nearly_exhausted', hostName: claim.hostName, environment: claim.environment }] : [],
  );
  return readOpen(prisma, [{ allocationId: { in: claims.map(({ id }) => id) } }, ...fullRanges]);
}

/** The open conflicts on the ports of claims that have ended. */
export function warningsAboutPorts(prisma: Prisma, released: readonly Allocation[]): Promise<Conflict[]> {
  const hosts = groupBy(released, ({ hostName }) => hostName);
  const onPorts = [...hosts].map(
    ([hostName, claims]): Condition => ({
      hostName,
      port: { in: claims.map(({ port }) => port) },
    }),
  );
  return readOpen(prisma, onPorts);
}

/** The open collisions over the ports that a codebase configures. */
export function warningsAboutConfiguration(
  prisma: Prisma,
  { primaryPort, servicePorts }: Codebase,
): Promise<Conflict[]> {
  const ports = [...Object.values(servicePorts), ...(primaryPort === null ? [] : [primaryPort])];
  return readOpen(prisma, [{ kind: 'port_config_collision', port: { in: ports } }]);
}

async function readOpen(prisma: Prisma, conditions: readonly Condition[]): Promise<Conflict[]> {
  const where = { resolvedAt: null, OR: [...conditions] };
  return (await prisma.conflict.findMany({ where, orderBy: newestFirst })).map(toConflict);
}
