import DataLoader from 'dataloader';
import type { Feed } from '../feed/feed.ts';
import type { RangeUsage } from '../registry/range-usage.ts';
import type { Registry } from '../registry/registry.ts';
import type { Prisma } from '../storage/prisma-client.ts';

/** What resolvers work with. */
export interface SchemaContext {
  readonly registry: Registry;
  readonly feed: Feed;
  readonly prisma: Prisma;
  /** The ranges of a host; the hosts of one operation in one query. */
  readonly rangeUsage: DataLoader<string, RangeUsage[]>;
}

/** A context for one operation. */
export function createContext(services: Pick<SchemaContext, 'registry' | 'feed' | 'prisma'>): SchemaContext {
  return { ...services, rangeUsage: new DataLoader((hostNames) => services.registry.rangeUsage(hostNames)) };
}
