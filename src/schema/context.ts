import type { Feed } from '../feed/feed.ts';
import type { Registry } from '../registry/registry.ts';
import type { Prisma } from '../storage/prisma-client.ts';
import type { Execution } from './execution.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What resolvers work with. */
export interface SchemaContext {
  readonly registry: Registry;
  readonly feed: Feed;
  readonly prisma: Prisma;
  readonly loaders: Loaders;
  /** The operation's own. */
  readonly execution: Execution;
}

/** What all operations share, so that what they ask for in the same moment is loaded together. It keeps nothing of them. */
export function createContext(
  services: Pick<SchemaContext, 'registry' | 'feed' | 'prisma'>,
): Omit<SchemaContext, 'execution'> {
  return { ...services, loaders: createLoaders(services.registry, services.prisma) };
}
