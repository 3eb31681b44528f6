import { InvalidInput } from '../domain/refusals.ts';
import type { Allocation, Codebase } from '../domain/registry-model.ts';
import { formats } from '../interchange/formats.ts';
import type { ExportedWorktree, RegistryContents } from '../interchange/registry-contents.ts';
import type { RegistryFormat } from '../interchange/registry-file.ts';
import type { Codebase as CodebaseRow, Prisma, Worktree as WorktreeRow } from '../storage/prisma/client.ts';
import { type AllocationFilterRef, allocationsWhere } from './allocation-filter.ts';
import type { SchemaContext } from './context.ts';
import { answerTooLarge, largestAnswer } from './execution.ts';
import { readInParts } from './read-in-parts.ts';

type Where = AllocationFilterRef['$inferInput'] | null;

/** How many allocations an export may have: it is made in memory. */
export const mostExported = 50_000;

/** An export that does not fit into an answer. */
export const exportTooLarge = () => answerTooLarge('Export one host, or one codebase, at a time.');

/** What an export tells. Allocations are read first: what they belong to is never deleted, so nothing is missing. */
export async function readContents(
  { prisma, registry }: Pick<SchemaContext, 'prisma' | 'registry'>,
  format: RegistryFormat,
  where: Where,
): Promise<RegistryContents> {
  const isWhole = format === 'json' && where === null;
  const matching = isWhole ? {} : await conditions(format, where, registry);
  const found = await prisma.portAllocation.findMany({
    where: matching,
    select: { id: true },
    orderBy: [{ releasedAt: { sort: 'asc', nulls: 'last' } }, { hostName: 'asc' }, { port: 'asc' }, { id: 'asc' }],
    take: mostExported + 1,
  });
  if (found.length > mostExported) {
    const message = `There are more than ${mostExported} allocations: export one host, or one codebase, at a time.`;
    throw new InvalidInput([{ path: ['where'], message }]);
  }
  let metadataBytes = 0;
  const include = { host: true, codebase: true, worktree: { include: { codebase: true } } } as const;
  const rows = await readInParts(
    found.map(({ id }) => id),
    async (ids) => {
      const part = await prisma.portAllocation.findMany({ where: { AND: [matching, { id: { in: ids } }] }, include });
      for (const { metadata } of part) metadataBytes += Buffer.byteLength(JSON.stringify(metadata));
      if (metadataBytes > largestAnswer) throw exportTooLarge();
      return part;
    },
  );
  const worktrees = isWhole ? await prisma.worktree.findMany() : rows.flatMap(({ worktree }) => worktree ?? []);
  const codebases = isWhole
    ? await prisma.codebase.findMany()
    : rows.flatMap(({ codebase, worktree }) => [codebase, worktree?.codebase].filter((each) => each != null));
  const hosts = isWhole ? await prisma.host.findMany() : rows.map(({ host }) => host);
  return {
    exportedAt: new Date(),
    hosts: sorted(hosts, ({ name }) => name).map(({ name, lastSeenAt }) => ({ name, lastSeenAt })),
    codebases: sorted(codebases, ({ id }) => id).map(toCodebase),
    worktrees: sorted(worktrees, ({ hostName, path }) => JSON.stringify([hostName, path])).map(toWorktree),
    allocations: rows.map((row) => ({
      ...(row as unknown as Allocation), // by the columns' CHECKs
      worktreePath: row.worktree?.path ?? null,
      codebaseName: row.codebase?.name ?? null,
    })),
  };
}

async function conditions(
  format: RegistryFormat,
  where: Where,
  registry: SchemaContext['registry'],
): Promise<Prisma.PortAllocationWhereInput> {
  const { isOfOneHost } = formats[format];
  const filter = isOfOneHost ? { ...where, host: where?.host ?? registry.hostName } : where;
  const matching = await allocationsWhere(filter, registry);
  return format === 'json' ? matching : { AND: [matching, { releasedAt: null }] };
}

/** Each once, in the order of their keys. */
function sorted<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const toCodebase = ({ id, name, repositoryUrl, defaultCwd, primaryPort, servicePorts, createdAt }: CodebaseRow) =>
  ({ id, name, repositoryUrl, defaultCwd, primaryPort, servicePorts, createdAt }) as Codebase; // by the columns' CHECKs

const toWorktree = (row: WorktreeRow): ExportedWorktree => ({
  id: row.id,
  hostName: row.hostName,
  path: row.path,
  branch: row.branch,
  codebaseId: row.codebaseId,
  conversationId: row.conversationId,
  registeredAt: row.registeredAt,
  removedAt: row.removedAt,
});
