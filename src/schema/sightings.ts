import type { Liveness } from '../domain/registry-model.ts';
import { type Sightings, sightingsOf } from '../domain/sightings.ts';
import type { Host, PortAllocation } from '../storage/prisma/client.ts';
import type { Builder } from './builder.ts';
import type { SchemaContext } from './context.ts';
import type { Enums } from './enums.ts';

/** An allocation, with what is known of when it was seen so. */
export interface AllocationAsSeen extends PortAllocation {
  /** Its host, where it was read with it. */
  readonly host?: Host;
  /** Of an event: it tells what was seen then, and nothing of what was seen since. */
  readonly isAsItWas?: boolean;
}

/** What the observer saw on a port. A row is written when that changes: each later look has found the same. */
export function addSightings(builder: Builder, { Liveness }: Enums): void {
  builder.prismaObjectFields('PortAllocation', (t) => ({
    liveness: t.field({
      type: Liveness,
      description: 'What the observer of its host last saw on the port.',
      resolve: async (allocation, _args, context) => {
        const row = asTyped(allocation);
        if (row.isAsItWas) return row.status === 'released' ? 'unknown' : row.liveness;
        return context.registry.livenessOf(row, await scanOf(row, context));
      },
    }),
    lastCheckedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When an observer last looked at the port; null where none has.',
      resolve: async (allocation, _args, context) => (await sightings(asTyped(allocation), context)).lastCheckedAt,
    }),
    lastActiveAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its owner was last seen listening; null where it never was.',
      resolve: async (allocation, _args, context) => (await sightings(asTyped(allocation), context)).lastActiveAt,
    }),
  }));
}

type TypedAllocation = AllocationAsSeen & { readonly status: 'allocated' | 'active' | 'released'; liveness: Liveness };

const asTyped = (allocation: PortAllocation) => allocation as TypedAllocation; // by the columns' CHECKs

async function sightings(allocation: TypedAllocation, context: SchemaContext): Promise<Sightings> {
  if (allocation.isAsItWas) return allocation;
  return sightingsOf(allocation, await scanOf(allocation, context));
}

/** When its host was last looked at; what is history needs no look. */
async function scanOf(
  { host, hostName, releasedAt }: TypedAllocation,
  { loaders }: SchemaContext,
): Promise<Date | null> {
  if (releasedAt) return null;
  return host ? host.scannedAt : loaders.scannedAt.load(hostName);
}
