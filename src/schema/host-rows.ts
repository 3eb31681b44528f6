import type { Host } from '../storage/prisma/client.ts';
import type { Prisma } from '../storage/prisma-client.ts';

/** A host by its name, with what `query` wants of it. One that has no row yet, since nothing was registered on it, is known by name alone. */
export const findHost = async (prisma: Prisma, query: object, name: string): Promise<Host> =>
  (await prisma.host.findUnique({ ...query, where: { name } })) ?? {
    name,
    lastSeenAt: null,
    scannedAt: null,
    observedTime: null,
    historyTime: null,
  };
