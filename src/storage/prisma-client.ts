import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from './prisma/client.ts';

/** A client over a driver adapter, which emits each SQL statement as a `query` event for whoever counts them. */
export function createPrisma(adapter: SqlDriverAdapterFactory) {
  return new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
}

export type Prisma = ReturnType<typeof createPrisma>;
