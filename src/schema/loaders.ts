import type DataLoader from 'dataloader';
import type { Conflict, Listener } from '../domain/registry-model.ts';
import type { RangeUsage } from '../registry/range-usage.ts';
import type { Registry } from '../registry/registry.ts';
import type { PortAllocation, Prisma as PrismaQueries, Worktree } from '../storage/prisma/client.ts';
import type { Prisma } from '../storage/prisma-client.ts';
import { batched, batchedByWish, type Wanted } from './batched.ts';
import { newestFirst, toConflict } from './conflict-rows.ts';
import { groupBy } from './group-by.ts';

/** So many rows, after so many. */
interface Rows {
  readonly take: number;
  readonly skip: number;
}

/** A port of a host. */
interface PortOfHost {
  readonly hostName: string;
  readonly port: number;
}

/**
 * What many rows of an answer ask for one by one, each in one query. What several operations ask for in
 * the same moment, such as all subscribers to an event, goes together.
 */
export interface Loaders {
  /** The ranges of a host. */
  readonly rangeUsage: DataLoader<string, RangeUsage[]>;
  /** When a host was last looked at; null where it never was, or could not be the last time. */
  readonly scannedAt: DataLoader<string, Date | null>;
  /** What listened on a host at its last look, by port and process id. */
  readonly listeners: DataLoader<Wanted<Rows>, Listener[]>;
  /** A worktree by its id, with what the query that was planned for the field wants of it; null where there is none. */
  readonly worktree: DataLoader<Wanted<object>, Worktree | null>;
  /** The live allocation of a port; null where nobody holds it. */
  readonly holder: DataLoader<PortOfHost, PortAllocation | null>;
  /** What a worktree holds, as a query of its relation says. */
  readonly allocationsOfWorktree: DataLoader<Wanted<PrismaQueries.Worktree$allocationsArgs>, PortAllocation[]>;
  /** An allocation by its id; null where it was deleted as old history. */
  readonly allocation: DataLoader<string, PortAllocation | null>;
  /** The open conflicts about a port, an allocation or a worktree, the newest first. */
  readonly conflictsOnPort: DataLoader<PortOfHost, Conflict[]>;
  readonly conflictsOfAllocation: DataLoader<string, Conflict[]>;
  readonly conflictsOfWorktree: DataLoader<Wanted<Rows>, Conflict[]>;
}

export function createLoaders(registry: Registry, prisma: Prisma): Loaders {
  return {
    rangeUsage: batched(byItself, registry.rangeUsage),
    scannedAt: batched(byItself, async (names) => {
      const hosts = await prisma.host.findMany({ where: { name: { in: names } } });
      const scans = new Map(hosts.map(({ name, scannedAt }) => [name, scannedAt]));
      return names.map((name) => scans.get(name) ?? null);
    }),
    listeners: batchedByWish((hostNames, page: Rows) => registry.listListeners({ hostNames, ...page })),
    // Prisma batches look-ups by id as well, but matches rows to those who asked for them in quadratic time.
    worktree: batchedByWish(async (ids, query: object) => {
      const found = await prisma.worktree.findMany({ ...query, where: { id: { in: ids } } });
      const byId = new Map(found.map((each) => [each.id, each]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    holder: batched(portName, async (ports) => {
      const held = await prisma.portAllocation.findMany({ where: { releasedAt: null, OR: anyOf(ports) } });
      const byPort = new Map(held.map((each) => [portName(each), each]));
      return ports.map((port) => byPort.get(portName(port)) ?? null);
    }),
    allocationsOfWorktree: batchedByWish(async (ids, allocations: PrismaQueries.Worktree$allocationsArgs) => {
      const found = await prisma.worktree.findMany({ where: { id: { in: ids } }, select: { id: true, allocations } });
      const byWorktree = new Map(found.map((each) => [each.id, each.allocations]));
      return ids.map((id) => byWorktree.get(id) ?? []);
    }),
    allocation: batched(byItself, async (ids) => {
      const found = await prisma.portAllocation.findMany({ where: { id: { in: ids } } });
      const byId = new Map(found.map((each) => [each.id, each]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    ...conflictLoaders(prisma),
  };
}

function conflictLoaders(prisma: Prisma) {
  return {
    conflictsOnPort: batched(portName, async (ports: PortOfHost[]) => {
      const where = { resolvedAt: null, OR: anyOf(ports) };
      const open = await prisma.conflict.findMany({ where, orderBy: newestFirst });
      const byPort = groupBy(open.map(toConflict), ({ hostName, port }) => portName({ hostName, port: port ?? 0 }));
      return ports.map((port) => byPort.get(portName(port)) ?? []);
    }),
    conflictsOfAllocation: batched(byItself, async (ids: string[]) => {
      const where = { resolvedAt: null, allocationId: { in: ids } };
      const open = await prisma.conflict.findMany({ where, orderBy: newestFirst });
      const byAllocation = groupBy(open.map(toConflict), ({ allocationId }) => allocationId ?? '');
      return ids.map((id) => byAllocation.get(id) ?? []);
    }),
    conflictsOfWorktree: batchedByWish(async (ids, page: Rows) => {
      const conflicts = { where: { resolvedAt: null }, orderBy: newestFirst, ...page };
      const found = await prisma.worktree.findMany({ where: { id: { in: ids } }, select: { id: true, conflicts } });
      const byWorktree = new Map(found.map((each) => [each.id, each.conflicts.map(toConflict)]));
      return ids.map((id) => byWorktree.get(id) ?? []);
    }),
  };
}

const byItself = (key: string) => key;

const portName = ({ hostName, port }: PortOfHost) => `${hostName} ${port}`;

/** These ports, in one condition a host. */
const anyOf = (ports: readonly PortOfHost[]) =>
  [...groupBy(ports, ({ hostName }) => hostName)].map(([hostName, ofHost]) => ({
    hostName,
    port: { in: ofHost.map(({ port }) => port) },
  }));
