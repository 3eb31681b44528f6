import type { Environment } from './policy.ts';
import type { Port } from './port.ts';

/** A claim on a port of a host. Its shape is that of the Prisma model, so that either can be read as the other. */
export interface Allocation {
  readonly id: string;
  readonly hostName: string;
  readonly port: Port;
  readonly serviceName: string;
  readonly description: string | null;
  readonly environment: Environment;
  readonly status: AllocationStatus;
  /** See `ownerKey`. */
  readonly owner: string;
  readonly codebaseId: string | null;
  readonly worktreeId: string | null;
  readonly conversationId: string | null;
  readonly metadata: JsonObject | null;
  readonly publicHostnames: string[];
  readonly allocatedAt: Date;
  readonly releasedAt: Date | null;
  readonly lastCheckedAt: Date | null;
  readonly lastActiveAt: Date | null;
  readonly processId: number | null;
}

/** `active`: its owner was seen listening. Both it and `allocated` are live. */
export type AllocationStatus = 'allocated' | 'active' | 'released';

export interface Host {
  readonly name: string;
  readonly lastSeenAt: Date | null;
}

export interface Worktree {
  readonly id: string;
  readonly hostName: string;
  readonly path: string;
  readonly branch: string | null;
  readonly codebaseId: string | null;
  readonly conversationId: string | null;
  readonly registeredAt: Date;
  readonly removedAt: Date | null;
  readonly missingSince: Date | null;
}

export interface Codebase {
  readonly id: string;
  readonly name: string;
  readonly repositoryUrl: string | null;
  readonly defaultCwd: string | null;
  readonly primaryPort: Port | null;
  readonly servicePorts: Readonly<Record<string, Port>>;
  readonly createdAt: Date;
}

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type EventKind = 'allocated' | 'registered' | 'activated' | 'deactivated' | 'transferred' | 'released';

/** A change to an allocation, before the log has numbered it. */
export interface AllocationChange {
  readonly kind: EventKind;
  readonly occurredAt: Date;
  /** Why, where the registry acted by itself. */
  readonly cause: string | null;
  readonly worktreePath: string | null;
  /** The allocation as it stood right after. */
  readonly allocation: Allocation;
}

/** A change as it stands in the log. Numbers ascend in commit order. */
export interface AllocationEvent extends AllocationChange {
  readonly number: number;
}
