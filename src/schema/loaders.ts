import type DataLoader from 'dataloader';
import type { Conflict, Listener } from '../domain/registry-model.ts';
import type { RangeUsage } from '../registry/range-usage.ts';
import type { Registry } from '../registry/registry.ts';
import type { PortAllocation, Prisma as PrismaQueries } from '../storage/prisma/client.ts';
import type { Prisma } from '../storage/prisma-client.ts';
import { batched, batchedPages, type PageOf } from './batched.ts';
import { newestFirst, toConflict } from './conflict-rows.ts';
import { groupBy } from './group-by.ts';

/** A port of a host. */
export interface PortOfHost {
  readonly hostName: string;
  readonly port: number;
}

/** What is wanted of the rows that belong to one thing. */
interface QueryOf {
  readonly of: string;
  readonly query: PrismaQueries.Worktree$allocationsArgs;
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
  readonly listeners: DataLoader<PageOf, Listener[]>;
  /** The live allocation of a port; null where nobody holds it. */
  readonly holder: DataLoader<PortOfHost, PortAllocation | null>;
  /** What a worktree holds, as a query of its relation says. */
  readonly allocationsOfWorktree: DataLoader<QueryOf, PortAllocation[]>;
  /** An allocation by its id; null where it was deleted as old history. */
  readonly allocation: DataLoader<string, PortAllocation | null>;
  /** The open conflicts about a port, an allocation or a worktree, the newest first. */
  readonly conflictsOnPort: DataLoader<PortOfHost, Conflict[]>;
  readonly conflictsOfAllocation: DataLoader<string, Conflict[]>;
  readonly conflictsOfWorktree: DataLoader<PageOf, Conflict[]>;
}

export function createLoaders(registry: Registry, prisma: Prisma): Loaders {
  return {
    rangeUsage: batched(byItself, registry.rangeUsage),
    scannedAt: batched(byItself, async (names) => {
      const hosts = await prisma.host.findMany({ where: { name: { in: names } } });
      const scans = new Map(hosts.map(({ name, scannedAt }) => [name, scannedAt]));
      return names.map((name) => scans.get(name) ?? null);
    }),
    listeners: batchedPages((hostNames, page) => registry.listListeners({ hostNames, ...page })),
    holder: batched(portName, async (ports) => {
      const held = await prisma.portAllocation.findMany({ where: { releasedAt: null, OR: anyOf(ports) } });
      const byPort = new Map(held.map((each) => [portName(each), each]));
      return ports.map((port) => byPort.get(portName(port)) ?? null);
    }),
    allocationsOfWorktree: batched(nameOfQuery, async (wanted: QueryOf[]) => {
      const found = new Map<string, PortAllocation[]>();
      for (const [name, alike] of groupBy(wanted, ({ query }) => JSON.stringify(query))) {
        const select = { id: true, allocations: alike[0]?.query };
        const ids = alike.map((each) => each.of);
        // As many as one operation has different queries.
        const worktrees = await prisma.worktree.findMany({ where: { id: { in: ids } }, select });
        for (const { id, allocations } of worktrees) found.set(`${name} ${id}`, allocations);
      }
      return wanted.map((each) => found.get(nameOfQuery(each)) ?? []);
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
    conflictsOfWorktree: batchedPages(async (ids, page) => {
      const conflicts = { where: { resolvedAt: null }, orderBy: newestFirst, ...page };
      const found = await prisma.worktree.findMany({ where: { id: { in: ids } }, select: { id: true, conflicts } });
      const byWorktree = new Map(found.map((each) => [each.id, each.conflicts.map(toConflict)]));
      return ids.map((id) => byWorktree.get(id) ?? []);
    }),
  };
}

const nameOfQuery = ({ of, query }: QueryOf) => `${JSON.stringify(query)} ${of}`;

const byItself = (key: string) => key;

const portName = ({ hostName, port }: PortOfHost) => `${hostName} ${port}`;

/** These ports, in one condition a host. */
const anyOf = (ports: readonly PortOfHost[]) =>
  [...groupBy(ports, ({ hostName }) => hostName)].map(([hostName, ofHost]) => ({
    hostName,
    port: { in: ofHost.map(({ port }) => port) },
  }));
