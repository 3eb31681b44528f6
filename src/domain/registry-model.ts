import type { HostTimes } from './observed-time.ts';
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
  /** What the observer last saw; for as long as it goes on looking. */
  readonly liveness: Liveness;
  /** How many scans in a row have found it stale and silent, up to what a cleanup asks for. */
  readonly misses: number;
  /** Written when a look changed something; see `sightingsOf`. */
  readonly lastCheckedAt: Date | null;
  readonly lastActiveAt: Date | null;
  /** In its host's observed time: since when every scan has found the port idle; null where the last one did not. */
  readonly idleSince: Date | null;
  readonly processId: number | null;
}

/** `active`: its owner was seen listening. Both it and `allocated` are live. */
export type AllocationStatus = 'allocated' | 'active' | 'released';

/** `live`: its owner listens; `idle`: nobody does; `squatted`: somebody else does; `unknown`: it cannot be told. */
export type Liveness = 'live' | 'idle' | 'squatted' | 'unknown';

export interface Host extends HostTimes {
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
  /** How many scans in a row have not found the path, up to what a cleanup asks for. */
  readonly misses: number;
  /** The file system that the path was on when the observer last saw it; null where it never did. */
  readonly device: number | null;
}

/** What listens on a port of a host, as its observer last saw it. */
export interface Listener {
  readonly hostName: string;
  readonly port: Port;
  readonly addresses: readonly string[];
  /** Null where the process cannot be seen, as is then what follows. */
  readonly processId: number | null;
  readonly processName: string | null;
  readonly command: string | null;
  readonly workingDirectory: string | null;
  /** The registered worktree that the process runs in. */
  readonly worktreeId: string | null;
}

export const conflictKinds = [
  'port_squatted',
  'unregistered_listener',
  'allocated_while_listening',
  'range_nearly_exhausted',
  'orphaned_worktree',
  'port_config_collision',
  'range_overlap',
] as const;
export type ConflictKind = (typeof conflictKinds)[number];

/** Something that a person or an agent should settle; see `ConflictBook`. */
export interface Conflict {
  readonly id: string;
  readonly kind: ConflictKind;
  readonly hostName: string;
  readonly port: Port | null;
  readonly environment: Environment | null;
  /** By what the same cause is told again. */
  readonly cause: string;
  /** What is wrong, who is involved and what to do. */
  readonly message: string;
  readonly allocationId: string | null;
  readonly worktreeId: string | null;
  readonly listener: Listener | null;
  readonly detectedAt: Date;
  readonly resolvedAt: Date | null;
  /** Does not open again while its cause lasts. */
  readonly dismissed: boolean;
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
