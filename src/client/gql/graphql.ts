/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A service that wants a port, and for whom. */
export type AllocatePortInput = {
  /** What it does, for people; at most 2000 characters. */
  description?: string | null | undefined;
  /** Whose range. */
  environment?: Environment;
  /** Taken if it is free, otherwise the call is refused. Not together with preferredPort. */
  exactPort?: number | null | undefined;
  /** Allocate an exact port even though something listens on it. Overrides nothing else. */
  force?: boolean;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** Whatever is to be kept with it; at most 16384 characters as JSON. */
  metadata?: Record<string, unknown> | null | undefined;
  /** On whose behalf. Left out: nobody, and anybody may release it. */
  owner?: OwnerInput | null | undefined;
  /** Taken if it is free, otherwise the next free port is. */
  preferredPort?: number | null | undefined;
  /** Public hostnames that point at the port, at most 20; releasing it then needs force. */
  publicHostnames?: Array<string> | null | undefined;
  /** What its owner calls it, 1 to 255 characters. */
  serviceName: string;
};

/** Services that want a port each, and for whom. */
export type AllocatePortsInput = {
  /** Whose range. */
  environment?: Environment;
  /** Allocate exact ports even though something listens on them. Overrides nothing else. */
  force?: boolean;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** On whose behalf. Left out: nobody, and anybody may release them. */
  owner?: OwnerInput | null | undefined;
  /** The services, 1 to 100, each once. */
  services: Array<ServiceRequest>;
};

/** What happened to an allocation. */
export const AllocationEventKind = {
  /** Its owner was seen listening. */
  ACTIVATED: 'ACTIVATED',
  /** A port was allocated. */
  ALLOCATED: 'ALLOCATED',
  /** Its owner no longer listens; the port stays held. */
  DEACTIVATED: 'DEACTIVATED',
  /** A known port was registered, or its description brought up to date. */
  REGISTERED: 'REGISTERED',
  /** The port was released. */
  RELEASED: 'RELEASED',
  /** It was handed to another owner or conversation. */
  TRANSFERRED: 'TRANSFERRED'
} as const;

export type AllocationEventKind = typeof AllocationEventKind[keyof typeof AllocationEventKind];
/** Which allocations are wanted. All conditions must hold; what is null or left out does not matter. A list has at most 1000 entries. */
export type AllocationFilter = {
  /** Those of this codebase, in its worktrees or not. */
  codebaseId?: string | null | undefined;
  /** Those made on behalf of this conversation. */
  conversationId?: string | null | undefined;
  /** Any of these environments. */
  environments?: Array<Environment> | null | undefined;
  /** A host's name. */
  host?: string | null | undefined;
  /** True: only those whose worktree is gone from disk. False: only the others. */
  orphaned?: boolean | null | undefined;
  /** Any of these ports. */
  ports?: Array<number> | null | undefined;
  /** Exactly this service's name. */
  serviceName?: string | null | undefined;
  /** Any of these. Left out: the live ones, ALLOCATED and ACTIVE. */
  statuses?: Array<AllocationStatus> | null | undefined;
  /** Those of the worktree at this absolute path, on whatever host. */
  worktreePath?: string | null | undefined;
};

/** How allocations are ordered; those that are equal in it, by id. */
export type AllocationOrder = {
  /** What counts. */
  by: AllocationOrderField;
  /** Which end comes first. */
  direction?: SortDirection;
};

/** What allocations can be ordered by. */
export const AllocationOrderField = {
  /** By when the claim was made. */
  ALLOCATED_AT: 'ALLOCATED_AT',
  /** By port number. */
  PORT: 'PORT',
  /** By the service's name. */
  SERVICE_NAME: 'SERVICE_NAME'
} as const;

export type AllocationOrderField = typeof AllocationOrderField[keyof typeof AllocationOrderField];
/** How an allocation stands. ALLOCATED and ACTIVE are live: they hold their port. */
export const AllocationStatus = {
  /** Held; its owner was seen listening at the last look. */
  ACTIVE: 'ACTIVE',
  /** Held; its owner has not been seen listening since. */
  ALLOCATED: 'ALLOCATED',
  /** History: the port is free for others. */
  RELEASED: 'RELEASED'
} as const;

export type AllocationStatus = typeof AllocationStatus[keyof typeof AllocationStatus];
/** Why a cleanup releases or deletes an allocation (the first three), or keeps it. */
export const CleanupReason = {
  /** Kept: public hostnames point at it. */
  HAS_PUBLIC_HOSTNAME: 'HAS_PUBLIC_HOSTNAME',
  /** Released: scans have seen it idle for PORT_INACTIVE_DAYS. */
  INACTIVE: 'INACTIVE',
  /** Kept: its host or its worktree cannot be seen by this server. */
  NOT_VISIBLE_FROM_HERE: 'NOT_VISIBLE_FROM_HERE',
  /** Released: its worktree is gone from disk. */
  ORPHANED_WORKTREE: 'ORPHANED_WORKTREE',
  /** Kept: production is released by hand only. */
  PRODUCTION: 'PRODUCTION',
  /** Kept: it was used or allocated not long ago, or too few scans in a row have found it gone or unused. */
  RECENTLY_SEEN: 'RECENTLY_SEEN',
  /** Deleted: it was released longer ago than history is kept (PORT_HISTORY_DAYS). */
  RELEASED_HISTORY: 'RELEASED_HISTORY',
  /** Kept: something listens on its port, or may. */
  STILL_LISTENING: 'STILL_LISTENING'
} as const;

export type CleanupReason = typeof CleanupReason[keyof typeof CleanupReason];
/** What reads the configuration. */
export const ConfigFormat = {
  /** Docker Compose v2: services that publish their ports, each under a variable with a default. */
  DOCKER_COMPOSE: 'DOCKER_COMPOSE',
  /** Whatever reads .env files: PORT, and port and URL of each service as variables. */
  DOTENV: 'DOTENV',
  /** Node.js with Express 5: a server that listens, and takes calls from the pages of the others. */
  EXPRESS: 'EXPRESS',
  /** Programs: the services by name, and the variables of DOTENV. */
  JSON: 'JSON',
  /** People: a table. */
  MARKDOWN: 'MARKDOWN',
  /** npm, for Next.js: scripts with the port, for which Next.js has no setting. */
  NEXT: 'NEXT',
  /** A POSIX shell: the same variables, exported. */
  SHELL: 'SHELL',
  /** Vite: the ports of its servers, strictly, and proxies for the other services. */
  VITE: 'VITE'
} as const;

export type ConfigFormat = typeof ConfigFormat[keyof typeof ConfigFormat];
/** What can be done about a conflict. Nothing ever stops a process. */
export const ConflictAction = {
  /** Register what listens, under the worktree and the name that can be told of it. */
  ADOPT: 'ADOPT',
  /** Close it. It does not open again while the same cause lasts. */
  DISMISS: 'DISMISS',
  /** Give the holder another port, and release this one. */
  REALLOCATE: 'REALLOCATE',
  /** Release the claims that it is about; of a worktree that is gone, all of them. */
  RELEASE: 'RELEASE'
} as const;

export type ConflictAction = typeof ConflictAction[keyof typeof ConflictAction];
/** What is wrong. */
export const ConflictKind = {
  /** A port was allocated by force while something listened on it, which is still not the owner's. */
  ALLOCATED_WHILE_LISTENING: 'ALLOCATED_WHILE_LISTENING',
  /** The worktree of live allocations is gone from disk. Cleanups release them in time. */
  ORPHANED_WORKTREE: 'ORPHANED_WORKTREE',
  /** Two codebases configure the same port, or one configures a port that somebody else holds. */
  PORT_CONFIG_COLLISION: 'PORT_CONFIG_COLLISION',
  /** A held port is listened on by a process that is not its owner's. */
  PORT_SQUATTED: 'PORT_SQUATTED',
  /** A range is used to the alert threshold or beyond (PORT_UTILIZATION_ALERT). */
  RANGE_NEARLY_EXHAUSTED: 'RANGE_NEARLY_EXHAUSTED',
  /** A range overlaps the one from which the host gives ports to outgoing connections. */
  RANGE_OVERLAP: 'RANGE_OVERLAP',
  /** Something listens inside a managed range, on a port that nobody holds. */
  UNREGISTERED_LISTENER: 'UNREGISTERED_LISTENER'
} as const;

export type ConflictKind = typeof ConflictKind[keyof typeof ConflictKind];
/** Whether a conflict is still to be settled. */
export const ConflictState = {
  /** Its cause lasts, and nobody has dismissed it. */
  OPEN: 'OPEN',
  /** Its cause is gone, or somebody settled or dismissed it. */
  RESOLVED: 'RESOLVED'
} as const;

export type ConflictState = typeof ConflictState[keyof typeof ConflictState];
/** What a port is for. Each environment has a range of ports of its own. */
export const Environment = {
  /** Development servers; 8000 to 8999 unless configured otherwise. */
  DEV: 'DEV',
  /** Services that are meant to stay; 9000 to 9999 unless configured otherwise. Never cleaned up. */
  PRODUCTION: 'PRODUCTION',
  /** Test runs; 7000 to 7999 unless configured otherwise. */
  TEST: 'TEST'
} as const;

export type Environment = typeof Environment[keyof typeof Environment];
/** Which refusal it is, for callers that do not look at type names. */
export const ErrorCode = {
  /** An InvalidInput. */
  INVALID_INPUT: 'INVALID_INPUT',
  /** A NotFound. */
  NOT_FOUND: 'NOT_FOUND',
  /** A NotOwner. */
  NOT_OWNER: 'NOT_OWNER',
  /** A PortUnavailable. */
  PORT_UNAVAILABLE: 'PORT_UNAVAILABLE',
  /** A RangeExhausted. */
  RANGE_EXHAUSTED: 'RANGE_EXHAUSTED'
} as const;

export type ErrorCode = typeof ErrorCode[keyof typeof ErrorCode];
/** Which events are wanted, by the allocation as it stood after them. All conditions must hold; what is null or left out does not matter. A list has at most 1000 entries. */
export type EventFilter = {
  /** Those of this codebase. */
  codebaseId?: string | null | undefined;
  /** Those made on behalf of this conversation. */
  conversationId?: string | null | undefined;
  /** Any of these environments. */
  environments?: Array<Environment> | null | undefined;
  /** A host's name. */
  host?: string | null | undefined;
  /** Any of these kinds. */
  kinds?: Array<AllocationEventKind> | null | undefined;
  /** Any of these ports. */
  ports?: Array<number> | null | undefined;
  /** Those of the worktree at this absolute path. */
  worktreePath?: string | null | undefined;
};

/** What becomes of a row of an imported file. */
export const ImportOutcome = {
  /** Something else is registered in its place: see the holder and the message. */
  CONFLICT: 'CONFLICT',
  /** It is registered. */
  CREATED: 'CREATED',
  /** It cannot be registered as it is: the message says why. */
  INVALID: 'INVALID',
  /** It is registered already. Nothing that the row says beside that is taken over. */
  UNCHANGED: 'UNCHANGED'
} as const;

export type ImportOutcome = typeof ImportOutcome[keyof typeof ImportOutcome];
/** Who listens on a held port, as the observer of its host last saw it. */
export const Liveness = {
  /** Nobody listens. The port is held all the same. */
  IDLE: 'IDLE',
  /** Its owner listens: in the worktree that holds it, or started from there. */
  LIVE: 'LIVE',
  /** A process of another worktree listens: see the allocation's conflicts. */
  SQUATTED: 'SQUATTED',
  /** It cannot be told: no observer looks at the host, nobody has looked since the claim was made, the process cannot be seen, or the claim is history. */
  UNKNOWN: 'UNKNOWN'
} as const;

export type Liveness = typeof Liveness[keyof typeof Liveness];
/** On whose behalf a call is made. The owner is the worktree where one is given, else the codebase, else the conversation, else nobody. A worktree path that is not registered yet is registered by the call. */
export type OwnerInput = {
  /** The branch that is checked out in the worktree, recorded when it is given a port. */
  branch?: string | null | undefined;
  /** A registered codebase's id. */
  codebaseId?: string | null | undefined;
  /** The conversation, in the caller's own terms; at most 255 characters. */
  conversationId?: string | null | undefined;
  /** The worktree's absolute path, at most 1024 bytes. */
  worktreePath?: string | null | undefined;
};

/** The ports that a codebase keeps for itself. Other codebases do not get them automatically. */
export type PortConfigInput = {
  /** For the service that bears the codebase's name. */
  primaryPort?: number | null | undefined;
  /** For its services, at most 100, each once. */
  servicePorts?: Array<ServicePortInput>;
};

/** A codebase. It is the one with this id, else with this repository URL, else, where neither is given, the one with this name and directory and no URL. What is left out stays as it was, null clears it. */
export type RegisterCodebaseInput = {
  /** The absolute path of its main checkout. */
  defaultCwd?: string | null | undefined;
  /** The caller's own id for it, at most 255 characters. Left out: a new UUID. */
  id?: string | null | undefined;
  /** What people call it, 1 to 255 characters. */
  name: string;
  /** The ports that it keeps for itself; replaces the former ones. */
  portConfig?: PortConfigInput | null | undefined;
  /** Where it is cloned from, at most 1024 bytes; no two codebases share one. */
  repositoryUrl?: string | null | undefined;
};

/** A known port of a service that exists. */
export type RegisterPortInput = {
  /** What it does, for people; at most 2000 characters. Left out: as it was. */
  description?: string | null | undefined;
  /** What it is for. */
  environment?: Environment;
  /** Register it even though it lies in another environment's range. Overrides nothing else. */
  force?: boolean;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** Whatever is to be kept with it. Left out: as it was. */
  metadata?: Record<string, unknown> | null | undefined;
  /** On whose behalf. Left out: nobody, and anybody may release it. */
  owner?: OwnerInput | null | undefined;
  /** Any port, reserved ones and those in use included. */
  port: number;
  /** Public hostnames that point at it, at most 20. Left out: as they were. */
  publicHostnames?: Array<string> | null | undefined;
  /** What its owner calls it, 1 to 255 characters. */
  serviceName: string;
};

/** A worktree and the services that want a port in it. */
export type RegisterWorktreeInput = {
  /** The branch that is checked out; left out for a detached head. */
  branch?: string | null | undefined;
  /** What it is a checkout of. */
  codebaseId?: string | null | undefined;
  /** The conversation that works in it, in the caller's own terms. */
  conversationId?: string | null | undefined;
  /** Whose range. */
  environment?: Environment;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** Its absolute path, at most 1024 bytes. */
  path: string;
  /** The services, 1 to 100, each once. Left out: one named after codebase and branch (after the directory where neither is known), unless the worktree holds a port already. */
  services?: Array<ServiceRequest> | null | undefined;
};

/** What a file looks like that holds a registry, or a part of one. */
export const RegistryFormat = {
  /** A line for each live allocation, for spreadsheets. */
  CSV: 'CSV',
  /** The ports.json of devports. Of one host; exported without ports below 1024. */
  DEVPORTS: 'DEVPORTS',
  /** Complete: codebases, worktrees and allocations with everything that is known of them, history included. Imported into an empty registry it gives the same one. */
  JSON: 'JSON',
  /** A table of the live allocations, for documents. Without metadata. */
  MARKDOWN: 'MARKDOWN',
  /** What `portman export` of Port Keeper writes. Of one host. */
  PORT_KEEPER: 'PORT_KEEPER',
  /** SCAR's .agents/supervision/port-allocations.json: a service for each port. Of one host. */
  SCAR_SUPERVISION: 'SCAR_SUPERVISION'
} as const;

export type RegistryFormat = typeof RegistryFormat[keyof typeof RegistryFormat];
/** A port that is no longer needed. */
export type ReleasePortInput = {
  /** Release somebody else's port, or one that public hostnames point at. */
  force?: boolean;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** Who asks: the same worktree or conversation may, the same codebase where there is no worktree, anybody where there is no owner. */
  owner?: OwnerInput | null | undefined;
  /** The port. */
  port: number;
};

/** A worktree that is no longer there, or soon will not be. */
export type RemoveWorktreeInput = {
  /** Release production and public ports too, even those of other owners. */
  force?: boolean;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** Who asks. This matters only where the worktree holds production ports or ones that public hostnames point at: these are released as with releasePort. */
  owner?: OwnerInput | null | undefined;
  /** Its absolute path. */
  path: string;
};

/** A port that a codebase keeps for one of its services. */
export type ServicePortInput = {
  /** Its port, on every host. */
  port: number;
  /** The service's name, 1 to 255 characters. */
  service: string;
};

/** A service that wants a port. */
export type ServiceRequest = {
  /** What it does, for people; at most 2000 characters. */
  description?: string | null | undefined;
  /** Taken if it is free, otherwise the call is refused. Not together with preferredPort. */
  exactPort?: number | null | undefined;
  /** Whatever is to be kept with it; at most 16384 characters as JSON. */
  metadata?: Record<string, unknown> | null | undefined;
  /** Taken if it is free, otherwise the next free port is. */
  preferredPort?: number | null | undefined;
  /** Public hostnames that point at the port, at most 20; releasing it then needs force. */
  publicHostnames?: Array<string> | null | undefined;
  /** What its owner calls it, 1 to 255 characters. */
  serviceName: string;
};

/** Which end of an order comes first. */
export const SortDirection = {
  /** The lowest, oldest or alphabetically first one first. */
  ASC: 'ASC',
  /** The highest, newest or alphabetically last one first. */
  DESC: 'DESC'
} as const;

export type SortDirection = typeof SortDirection[keyof typeof SortDirection];
/** Ports that are to change hands. */
export type TransferPortsInput = {
  /** Hand over somebody else's ports, or ones that public hostnames point at. */
  force?: boolean;
  /** A host's name. Left out: the host that this server observes. */
  host?: string | null | undefined;
  /** Who asks; the rule is that of releasePort. */
  owner?: OwnerInput | null | undefined;
  /** The ports, 1 to 1000, each once. */
  ports: Array<number>;
  /** Who gets them. A conversation alone becomes a party to them, and their worktree or codebase stays. */
  to: OwnerInput;
};

/** Why a port cannot be had. */
export const UnavailableReason = {
  /** A live allocation holds it, whether or not its service is up. */
  ALLOCATED: 'ALLOCATED',
  /** Another codebase configures it for one of its services. */
  CONFIGURED_ELSEWHERE: 'CONFIGURED_ELSEWHERE',
  /** Something listens on it right now. The only reason that force overrides. */
  LISTENING: 'LISTENING',
  /** It lies outside the range of the environment. */
  OUT_OF_RANGE: 'OUT_OF_RANGE',
  /** It is below 1024, where listening needs privileges. */
  PRIVILEGED: 'PRIVILEGED',
  /** Another owner released it a moment ago (PORT_QUARANTINE_SECONDS). */
  QUARANTINED: 'QUARANTINED',
  /** It is on the list of reserved ports (RESERVED_PORTS). */
  RESERVED: 'RESERVED'
} as const;

export type UnavailableReason = typeof UnavailableReason[keyof typeof UnavailableReason];
/** The conversation that works in a worktree. */
export type WorktreeConversationInput = {
  /** The conversation, in the caller's own terms; at most 255 characters. */
  conversationId: string;
  /** The worktree's absolute path, at most 1024 bytes. */
  path: string;
};

export type PortConfigQueryVariables = Exact<{
  where: AllocationFilter;
  format: ConfigFormat;
  service?: string | null | undefined;
}>;


export type PortConfigQuery = { portConfig: { format: ConfigFormat, filename: string, content: string } };

export type RenderTemplateQueryVariables = Exact<{
  where: AllocationFilter;
  template: string;
}>;


export type RenderTemplateQuery = { renderTemplate: string };

export type ConflictsQueryVariables = Exact<{
  host?: string | null | undefined;
  ids?: Array<string> | string | null | undefined;
  includeResolved?: boolean | null | undefined;
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type ConflictsQuery = { conflicts: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> };

export type ResolveConflictMutationVariables = Exact<{
  id: string;
  action: ConflictAction;
}>;


export type ResolveConflictMutation = { resolveConflict:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'PortUnavailable', code: ErrorCode, message: string, port: number, reasons: Array<UnavailableReason>, suggestions: Array<number>, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null }
    | { __typename: 'RangeExhausted', code: ErrorCode, message: string, range: { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number } }
    | { __typename: 'ResolveConflictSuccess', conflict: { id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null }
   };

export type ConflictWarningSubscriptionVariables = Exact<{
  host?: string | null | undefined;
  kinds?: Array<ConflictKind> | ConflictKind | null | undefined;
}>;


export type ConflictWarningSubscription = { conflictWarning: { id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null } };

export type AllocationEventsQueryVariables = Exact<{
  where?: EventFilter | null | undefined;
  after?: string | null | undefined;
  first?: number | null | undefined;
}>;


export type AllocationEventsQuery = { allocationEvents: Array<{ cursor: string, kind: AllocationEventKind, occurredAt: string, cause: string | null, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }> };

export type LatestEventCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type LatestEventCursorQuery = { latestEventCursor: string };

export type AllocationChangedSubscriptionVariables = Exact<{
  where?: EventFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type AllocationChangedSubscription = { allocationChanged: { cursor: string, kind: AllocationEventKind, occurredAt: string, cause: string | null, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } } };

export type PortAllocationFieldsFragment = { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null };

export type CodebaseFieldsFragment = { id: string, name: string, repositoryUrl: string | null, defaultCwd: string | null, createdAt: string, portConfig: { primaryPort: number | null, servicePorts: Array<{ service: string, port: number }> } | null };

export type WorktreeFieldsFragment = { id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, host: { name: string }, codebase: { id: string, name: string } | null };

export type PortRangeFieldsFragment = { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number };

export type HostFieldsFragment = { name: string, lastSeenAt: string | null, scannedAt: string | null, ranges: Array<{ environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number }> };

export type PortCheckFieldsFragment = { port: number, available: boolean, reasons: Array<UnavailableReason>, explanation: string, suggestions: Array<number>, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null };

export type ListenerFieldsFragment = { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null };

export type ConflictFieldsFragment = { id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null };

export type AllocationEventFieldsFragment = { cursor: string, kind: AllocationEventKind, occurredAt: string, cause: string | null, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } };

export type ExportRegistryQueryVariables = Exact<{
  format: RegistryFormat;
  where?: AllocationFilter | null | undefined;
}>;


export type ExportRegistryQuery = { exportRegistry: string };

export type ImportRegistryMutationVariables = Exact<{
  format: RegistryFormat;
  content: string;
  host?: string | null | undefined;
  environment?: Environment | null | undefined;
  dryRun?: boolean | null | undefined;
  atomic?: boolean | null | undefined;
}>;


export type ImportRegistryMutation = { importRegistry:
    | { __typename: 'ImportReport', dryRun: boolean, applied: boolean, created: number, unchanged: number, conflicting: number, invalid: number, rows: Array<{ line: number, port: number | null, serviceName: string | null, outcome: ImportOutcome, message: string, holder: { id: string, port: number, serviceName: string, environment: Environment, status: AllocationStatus, allocatedAt: string, conversationId: string | null, codebase: { id: string, name: string } | null, worktree: { path: string } | null } | null, allocation: { id: string, port: number, serviceName: string, environment: Environment, status: AllocationStatus, allocatedAt: string, conversationId: string | null, codebase: { id: string, name: string } | null, worktree: { path: string } | null } | null }> }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   };

export type ImportedAllocationFieldsFragment = { id: string, port: number, serviceName: string, environment: Environment, status: AllocationStatus, allocatedAt: string, conversationId: string | null, codebase: { id: string, name: string } | null, worktree: { path: string } | null };

export type CodebaseQueryVariables = Exact<{
  id: string;
}>;


export type CodebaseQuery = { codebase: { id: string, name: string, repositoryUrl: string | null, defaultCwd: string | null, createdAt: string, worktrees: Array<{ id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, host: { name: string }, codebase: { id: string, name: string } | null }>, allocations: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, portConfig: { primaryPort: number | null, servicePorts: Array<{ service: string, port: number }> } | null } | null };

export type CodebasesQueryVariables = Exact<{
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type CodebasesQuery = { codebases: Array<{ id: string, name: string, repositoryUrl: string | null, defaultCwd: string | null, createdAt: string, portConfig: { primaryPort: number | null, servicePorts: Array<{ service: string, port: number }> } | null }> };

export type WorktreeQueryVariables = Exact<{
  path: string;
  host?: string | null | undefined;
}>;


export type WorktreeQuery = { worktree: { id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, allocations: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, host: { name: string }, codebase: { id: string, name: string } | null } | null };

export type WorktreesQueryVariables = Exact<{
  codebaseId?: string | null | undefined;
  host?: string | null | undefined;
  includeRemoved?: boolean | null | undefined;
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type WorktreesQuery = { worktrees: Array<{ id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, host: { name: string }, codebase: { id: string, name: string } | null }> };

export type HostQueryVariables = Exact<{
  name?: string | null | undefined;
}>;


export type HostQuery = { host: { name: string, lastSeenAt: string | null, scannedAt: string | null, ranges: Array<{ environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number }> } | null };

export type HostsQueryVariables = Exact<{
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type HostsQuery = { hosts: Array<{ name: string, lastSeenAt: string | null, scannedAt: string | null, ranges: Array<{ environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number }> }> };

export type RegisterCodebaseMutationVariables = Exact<{
  input: RegisterCodebaseInput;
}>;


export type RegisterCodebaseMutation = { registerCodebase:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'RegisterCodebaseSuccess', created: boolean, codebase: { id: string, name: string, repositoryUrl: string | null, defaultCwd: string | null, createdAt: string, portConfig: { primaryPort: number | null, servicePorts: Array<{ service: string, port: number }> } | null }, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
   };

export type RegisterWorktreeMutationVariables = Exact<{
  input: RegisterWorktreeInput;
}>;


export type RegisterWorktreeMutation = { registerWorktree:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'PortUnavailable', code: ErrorCode, message: string, port: number, reasons: Array<UnavailableReason>, suggestions: Array<number>, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null }
    | { __typename: 'RangeExhausted', code: ErrorCode, message: string, range: { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number } }
    | { __typename: 'RegisterWorktreeSuccess', created: boolean, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, host: { name: string }, codebase: { id: string, name: string } | null }, allocations: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
   };

export type RemoveWorktreeMutationVariables = Exact<{
  input: RemoveWorktreeInput;
}>;


export type RemoveWorktreeMutation = { removeWorktree:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'NotOwner', code: ErrorCode, message: string, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }
    | { __typename: 'RemoveWorktreeSuccess', worktree: { id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, host: { name: string }, codebase: { id: string, name: string } | null }, released: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
   };

export type PortAllocationQueryVariables = Exact<{
  port: number;
  host?: string | null | undefined;
}>;


export type PortAllocationQuery = { portAllocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null };

export type PortAllocationsQueryVariables = Exact<{
  where?: AllocationFilter | null | undefined;
  orderBy?: AllocationOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type PortAllocationsQuery = { portAllocations: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null, hasPreviousPage: boolean, startCursor: string | null }, edges: Array<{ node: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }> } };

export type CheckPortQueryVariables = Exact<{
  port: number;
  host?: string | null | undefined;
}>;


export type CheckPortQuery = { checkPort: { port: number, available: boolean, reasons: Array<UnavailableReason>, explanation: string, suggestions: Array<number>, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null } };

export type RecommendPortQueryVariables = Exact<{
  serviceName: string;
  environment?: Environment | null | undefined;
  host?: string | null | undefined;
}>;


export type RecommendPortQuery = { recommendPort: { port: number, available: boolean, reasons: Array<UnavailableReason>, explanation: string, suggestions: Array<number>, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null } };

export type PortRangesQueryVariables = Exact<{
  host?: string | null | undefined;
}>;


export type PortRangesQuery = { portRanges: Array<{ environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number }> };

export type AllocatePortMutationVariables = Exact<{
  input: AllocatePortInput;
}>;


export type AllocatePortMutation = { allocatePort:
    | { __typename: 'AllocatePortSuccess', created: boolean, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'PortUnavailable', code: ErrorCode, message: string, port: number, reasons: Array<UnavailableReason>, suggestions: Array<number>, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null }
    | { __typename: 'RangeExhausted', code: ErrorCode, message: string, range: { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number } }
   };

export type AllocatePortsMutationVariables = Exact<{
  input: AllocatePortsInput;
}>;


export type AllocatePortsMutation = { allocatePorts:
    | { __typename: 'AllocatePortsSuccess', created: Array<boolean>, allocations: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'PortUnavailable', code: ErrorCode, message: string, port: number, reasons: Array<UnavailableReason>, suggestions: Array<number>, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null }
    | { __typename: 'RangeExhausted', code: ErrorCode, message: string, range: { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number } }
   };

export type RegisterPortMutationVariables = Exact<{
  input: RegisterPortInput;
}>;


export type RegisterPortMutation = { registerPort:
    | { __typename: 'AllocatePortSuccess', created: boolean, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'PortUnavailable', code: ErrorCode, message: string, port: number, reasons: Array<UnavailableReason>, suggestions: Array<number>, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null }
   };

export type ReleasePortMutationVariables = Exact<{
  input: ReleasePortInput;
}>;


export type ReleasePortMutation = { releasePort:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'NotOwner', code: ErrorCode, message: string, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }
    | { __typename: 'ReleasePortSuccess', allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }, warnings: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> }
   };

export type TransferPortsMutationVariables = Exact<{
  input: TransferPortsInput;
}>;


export type TransferPortsMutation = { transferPorts:
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'NotOwner', code: ErrorCode, message: string, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }
    | { __typename: 'TransferPortsSuccess', allocations: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }> }
   };

type RefusalFields_InvalidInput_Fragment = { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> };

type RefusalFields_NotFound_Fragment = { __typename: 'NotFound', code: ErrorCode, message: string };

type RefusalFields_NotOwner_Fragment = { __typename: 'NotOwner', code: ErrorCode, message: string };

type RefusalFields_PortUnavailable_Fragment = { __typename: 'PortUnavailable', code: ErrorCode, message: string };

type RefusalFields_RangeExhausted_Fragment = { __typename: 'RangeExhausted', code: ErrorCode, message: string, range: { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number } };

export type RefusalFieldsFragment =
  | RefusalFields_InvalidInput_Fragment
  | RefusalFields_NotFound_Fragment
  | RefusalFields_NotOwner_Fragment
  | RefusalFields_PortUnavailable_Fragment
  | RefusalFields_RangeExhausted_Fragment
;

export type PortUnavailableFieldsFragment = { port: number, reasons: Array<UnavailableReason>, suggestions: Array<number>, holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null };

export type NotOwnerFieldsFragment = { holder: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } };

export type ListenersQueryVariables = Exact<{
  host?: string | null | undefined;
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type ListenersQuery = { host: { listeners: Array<{ port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null } | null }> } | null };

export type ScanHostMutationVariables = Exact<{
  first?: number | null | undefined;
}>;


export type ScanHostMutation = { scanHost: { listenerCount: number, activatedCount: number, deactivatedCount: number, openedCount: number, resolvedCount: number, host: { name: string, scannedAt: string | null }, listeners: Array<{ port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null } | null }>, activated: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, deactivated: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }>, opened: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }>, resolved: Array<{ id: string, kind: ConflictKind, state: ConflictState, message: string, actions: Array<ConflictAction>, port: number | null, environment: Environment | null, detectedAt: string, resolvedAt: string | null, host: { name: string }, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } | null, listener: { port: number, addresses: Array<string>, processId: number | null, processName: string | null, command: string | null, workingDirectory: string | null, worktree: { id: string, path: string, branch: string | null } | null } | null, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, missingSince: string | null } | null }> } };

export type CleanupPortsMutationVariables = Exact<{
  dryRun?: boolean | null | undefined;
  host?: string | null | undefined;
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type CleanupPortsMutation = { cleanupPorts: { dryRun: boolean, historyPruned: number, releasedCount: number, keptCount: number, released: Array<{ reason: CleanupReason, explanation: string, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }>, kept: Array<{ reason: CleanupReason, explanation: string, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } }> } };

export type CleanupItemFieldsFragment = { reason: CleanupReason, explanation: string, allocation: { id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null } };

export type BackfillWorktreesMutationVariables = Exact<{
  codebaseId: string;
  dryRun?: boolean | null | undefined;
  conversations?: Array<WorktreeConversationInput> | WorktreeConversationInput | null | undefined;
}>;


export type BackfillWorktreesMutation = { backfillWorktrees:
    | { __typename: 'BackfillReport', dryRun: boolean, items: Array<{ created: boolean, explanation: string, worktree: { id: string, path: string, branch: string | null, conversationId: string | null, registeredAt: string, missingSince: string | null, removedAt: string | null, host: { name: string }, codebase: { id: string, name: string } | null }, allocations: Array<{ id: string, port: number, url: string, serviceName: string, description: string | null, environment: Environment, status: AllocationStatus, conversationId: string | null, metadata: Record<string, unknown> | null, publicHostnames: Array<string>, allocatedAt: string, releasedAt: string | null, liveness: Liveness, lastCheckedAt: string | null, lastActiveAt: string | null, processId: number | null, host: { name: string }, codebase: { id: string, name: string } | null, worktree: { id: string, path: string, branch: string | null } | null }> }>, skipped: Array<{ path: string, explanation: string }> }
    | { __typename: 'InvalidInput', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFound', code: ErrorCode, message: string }
    | { __typename: 'RangeExhausted', code: ErrorCode, message: string, range: { environment: Environment, start: number, end: number, size: number, used: number, available: number, utilization: number } }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CodebaseFieldsFragmentDoc = new TypedDocumentString(`
    fragment CodebaseFields on Codebase {
  id
  name
  repositoryUrl
  defaultCwd
  createdAt
  portConfig {
    primaryPort
    servicePorts {
      service
      port
    }
  }
}
    `, {"fragmentName":"CodebaseFields"}) as unknown as TypedDocumentString<CodebaseFieldsFragment, unknown>;
export const WorktreeFieldsFragmentDoc = new TypedDocumentString(`
    fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}
    `, {"fragmentName":"WorktreeFields"}) as unknown as TypedDocumentString<WorktreeFieldsFragment, unknown>;
export const PortRangeFieldsFragmentDoc = new TypedDocumentString(`
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
    `, {"fragmentName":"PortRangeFields"}) as unknown as TypedDocumentString<PortRangeFieldsFragment, unknown>;
export const HostFieldsFragmentDoc = new TypedDocumentString(`
    fragment HostFields on Host {
  name
  lastSeenAt
  scannedAt
  ranges {
    ...PortRangeFields
  }
}
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}`, {"fragmentName":"HostFields"}) as unknown as TypedDocumentString<HostFieldsFragment, unknown>;
export const PortAllocationFieldsFragmentDoc = new TypedDocumentString(`
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
    `, {"fragmentName":"PortAllocationFields"}) as unknown as TypedDocumentString<PortAllocationFieldsFragment, unknown>;
export const ListenerFieldsFragmentDoc = new TypedDocumentString(`
    fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
    `, {"fragmentName":"ListenerFields"}) as unknown as TypedDocumentString<ListenerFieldsFragment, unknown>;
export const PortCheckFieldsFragmentDoc = new TypedDocumentString(`
    fragment PortCheckFields on PortCheck {
  port
  available
  reasons
  explanation
  suggestions
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}`, {"fragmentName":"PortCheckFields"}) as unknown as TypedDocumentString<PortCheckFieldsFragment, unknown>;
export const ConflictFieldsFragmentDoc = new TypedDocumentString(`
    fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}`, {"fragmentName":"ConflictFields"}) as unknown as TypedDocumentString<ConflictFieldsFragment, unknown>;
export const AllocationEventFieldsFragmentDoc = new TypedDocumentString(`
    fragment AllocationEventFields on AllocationEvent {
  cursor
  kind
  occurredAt
  cause
  allocation {
    ...PortAllocationFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}`, {"fragmentName":"AllocationEventFields"}) as unknown as TypedDocumentString<AllocationEventFieldsFragment, unknown>;
export const ImportedAllocationFieldsFragmentDoc = new TypedDocumentString(`
    fragment ImportedAllocationFields on PortAllocation {
  id
  port
  serviceName
  environment
  status
  allocatedAt
  conversationId
  codebase {
    id
    name
  }
  worktree {
    path
  }
}
    `, {"fragmentName":"ImportedAllocationFields"}) as unknown as TypedDocumentString<ImportedAllocationFieldsFragment, unknown>;
export const RefusalFieldsFragmentDoc = new TypedDocumentString(`
    fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}`, {"fragmentName":"RefusalFields"}) as unknown as TypedDocumentString<RefusalFieldsFragment, unknown>;
export const PortUnavailableFieldsFragmentDoc = new TypedDocumentString(`
    fragment PortUnavailableFields on PortUnavailable {
  port
  reasons
  suggestions
  holder {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}`, {"fragmentName":"PortUnavailableFields"}) as unknown as TypedDocumentString<PortUnavailableFieldsFragment, unknown>;
export const NotOwnerFieldsFragmentDoc = new TypedDocumentString(`
    fragment NotOwnerFields on NotOwner {
  holder {
    ...PortAllocationFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}`, {"fragmentName":"NotOwnerFields"}) as unknown as TypedDocumentString<NotOwnerFieldsFragment, unknown>;
export const CleanupItemFieldsFragmentDoc = new TypedDocumentString(`
    fragment CleanupItemFields on CleanupItem {
  reason
  explanation
  allocation {
    ...PortAllocationFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}`, {"fragmentName":"CleanupItemFields"}) as unknown as TypedDocumentString<CleanupItemFieldsFragment, unknown>;
export const PortConfigDocument = new TypedDocumentString(`
    query PortConfig($where: AllocationFilter!, $format: ConfigFormat!, $service: String) {
  portConfig(where: $where, format: $format, service: $service) {
    format
    filename
    content
  }
}
    `) as unknown as TypedDocumentString<PortConfigQuery, PortConfigQueryVariables>;
export const RenderTemplateDocument = new TypedDocumentString(`
    query RenderTemplate($where: AllocationFilter!, $template: String!) {
  renderTemplate(where: $where, template: $template)
}
    `) as unknown as TypedDocumentString<RenderTemplateQuery, RenderTemplateQueryVariables>;
export const ConflictsDocument = new TypedDocumentString(`
    query Conflicts($host: String, $ids: [ID!], $includeResolved: Boolean, $first: Int, $skip: Int) {
  conflicts(
    host: $host
    ids: $ids
    includeResolved: $includeResolved
    first: $first
    skip: $skip
  ) {
    ...ConflictFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}`) as unknown as TypedDocumentString<ConflictsQuery, ConflictsQueryVariables>;
export const ResolveConflictDocument = new TypedDocumentString(`
    mutation ResolveConflict($id: ID!, $action: ConflictAction!) {
  resolveConflict(id: $id, action: $action) {
    __typename
    ... on ResolveConflictSuccess {
      conflict {
        ...ConflictFields
      }
      allocation {
        ...PortAllocationFields
      }
    }
    ...RefusalFields
    ...PortUnavailableFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment PortUnavailableFields on PortUnavailable {
  port
  reasons
  suggestions
  holder {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}`) as unknown as TypedDocumentString<ResolveConflictMutation, ResolveConflictMutationVariables>;
export const ConflictWarningDocument = new TypedDocumentString(`
    subscription ConflictWarning($host: String, $kinds: [ConflictKind!]) {
  conflictWarning(host: $host, kinds: $kinds) {
    ...ConflictFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}`) as unknown as TypedDocumentString<ConflictWarningSubscription, ConflictWarningSubscriptionVariables>;
export const AllocationEventsDocument = new TypedDocumentString(`
    query AllocationEvents($where: EventFilter, $after: EventCursor, $first: Int) {
  allocationEvents(where: $where, after: $after, first: $first) {
    ...AllocationEventFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment AllocationEventFields on AllocationEvent {
  cursor
  kind
  occurredAt
  cause
  allocation {
    ...PortAllocationFields
  }
}`) as unknown as TypedDocumentString<AllocationEventsQuery, AllocationEventsQueryVariables>;
export const LatestEventCursorDocument = new TypedDocumentString(`
    query LatestEventCursor {
  latestEventCursor
}
    `) as unknown as TypedDocumentString<LatestEventCursorQuery, LatestEventCursorQueryVariables>;
export const AllocationChangedDocument = new TypedDocumentString(`
    subscription AllocationChanged($where: EventFilter, $after: EventCursor) {
  allocationChanged(where: $where, after: $after) {
    ...AllocationEventFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment AllocationEventFields on AllocationEvent {
  cursor
  kind
  occurredAt
  cause
  allocation {
    ...PortAllocationFields
  }
}`) as unknown as TypedDocumentString<AllocationChangedSubscription, AllocationChangedSubscriptionVariables>;
export const ExportRegistryDocument = new TypedDocumentString(`
    query ExportRegistry($format: RegistryFormat!, $where: AllocationFilter) {
  exportRegistry(format: $format, where: $where)
}
    `) as unknown as TypedDocumentString<ExportRegistryQuery, ExportRegistryQueryVariables>;
export const ImportRegistryDocument = new TypedDocumentString(`
    mutation ImportRegistry($format: RegistryFormat!, $content: String!, $host: String, $environment: Environment, $dryRun: Boolean, $atomic: Boolean) {
  importRegistry(
    format: $format
    content: $content
    host: $host
    environment: $environment
    dryRun: $dryRun
    atomic: $atomic
  ) {
    __typename
    ... on ImportReport {
      dryRun
      applied
      created
      unchanged
      conflicting
      invalid
      rows {
        line
        port
        serviceName
        outcome
        message
        holder {
          ...ImportedAllocationFields
        }
        allocation {
          ...ImportedAllocationFields
        }
      }
    }
    ...RefusalFields
  }
}
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ImportedAllocationFields on PortAllocation {
  id
  port
  serviceName
  environment
  status
  allocatedAt
  conversationId
  codebase {
    id
    name
  }
  worktree {
    path
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}`) as unknown as TypedDocumentString<ImportRegistryMutation, ImportRegistryMutationVariables>;
export const CodebaseDocument = new TypedDocumentString(`
    query Codebase($id: ID!) {
  codebase(id: $id) {
    ...CodebaseFields
    worktrees(first: 1000) {
      ...WorktreeFields
    }
    allocations(first: 1000) {
      ...PortAllocationFields
    }
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment CodebaseFields on Codebase {
  id
  name
  repositoryUrl
  defaultCwd
  createdAt
  portConfig {
    primaryPort
    servicePorts {
      service
      port
    }
  }
}
fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}`) as unknown as TypedDocumentString<CodebaseQuery, CodebaseQueryVariables>;
export const CodebasesDocument = new TypedDocumentString(`
    query Codebases($first: Int, $skip: Int) {
  codebases(first: $first, skip: $skip) {
    ...CodebaseFields
  }
}
    fragment CodebaseFields on Codebase {
  id
  name
  repositoryUrl
  defaultCwd
  createdAt
  portConfig {
    primaryPort
    servicePorts {
      service
      port
    }
  }
}`) as unknown as TypedDocumentString<CodebasesQuery, CodebasesQueryVariables>;
export const WorktreeDocument = new TypedDocumentString(`
    query Worktree($path: String!, $host: String) {
  worktree(path: $path, host: $host) {
    ...WorktreeFields
    allocations(first: 1000) {
      ...PortAllocationFields
    }
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}`) as unknown as TypedDocumentString<WorktreeQuery, WorktreeQueryVariables>;
export const WorktreesDocument = new TypedDocumentString(`
    query Worktrees($codebaseId: ID, $host: String, $includeRemoved: Boolean, $first: Int, $skip: Int) {
  worktrees(
    codebaseId: $codebaseId
    host: $host
    includeRemoved: $includeRemoved
    first: $first
    skip: $skip
  ) {
    ...WorktreeFields
  }
}
    fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}`) as unknown as TypedDocumentString<WorktreesQuery, WorktreesQueryVariables>;
export const HostDocument = new TypedDocumentString(`
    query Host($name: String) {
  host(name: $name) {
    ...HostFields
  }
}
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment HostFields on Host {
  name
  lastSeenAt
  scannedAt
  ranges {
    ...PortRangeFields
  }
}`) as unknown as TypedDocumentString<HostQuery, HostQueryVariables>;
export const HostsDocument = new TypedDocumentString(`
    query Hosts($first: Int, $skip: Int) {
  hosts(first: $first, skip: $skip) {
    ...HostFields
  }
}
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment HostFields on Host {
  name
  lastSeenAt
  scannedAt
  ranges {
    ...PortRangeFields
  }
}`) as unknown as TypedDocumentString<HostsQuery, HostsQueryVariables>;
export const RegisterCodebaseDocument = new TypedDocumentString(`
    mutation RegisterCodebase($input: RegisterCodebaseInput!) {
  registerCodebase(input: $input) {
    __typename
    ... on RegisterCodebaseSuccess {
      created
      codebase {
        ...CodebaseFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment CodebaseFields on Codebase {
  id
  name
  repositoryUrl
  defaultCwd
  createdAt
  portConfig {
    primaryPort
    servicePorts {
      service
      port
    }
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}`) as unknown as TypedDocumentString<RegisterCodebaseMutation, RegisterCodebaseMutationVariables>;
export const RegisterWorktreeDocument = new TypedDocumentString(`
    mutation RegisterWorktree($input: RegisterWorktreeInput!) {
  registerWorktree(input: $input) {
    __typename
    ... on RegisterWorktreeSuccess {
      created
      worktree {
        ...WorktreeFields
      }
      allocations {
        ...PortAllocationFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
    ...PortUnavailableFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment PortUnavailableFields on PortUnavailable {
  port
  reasons
  suggestions
  holder {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}`) as unknown as TypedDocumentString<RegisterWorktreeMutation, RegisterWorktreeMutationVariables>;
export const RemoveWorktreeDocument = new TypedDocumentString(`
    mutation RemoveWorktree($input: RemoveWorktreeInput!) {
  removeWorktree(input: $input) {
    __typename
    ... on RemoveWorktreeSuccess {
      worktree {
        ...WorktreeFields
      }
      released {
        ...PortAllocationFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
    ...NotOwnerFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment NotOwnerFields on NotOwner {
  holder {
    ...PortAllocationFields
  }
}`) as unknown as TypedDocumentString<RemoveWorktreeMutation, RemoveWorktreeMutationVariables>;
export const PortAllocationDocument = new TypedDocumentString(`
    query PortAllocation($port: Port!, $host: String) {
  portAllocation(port: $port, host: $host) {
    ...PortAllocationFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}`) as unknown as TypedDocumentString<PortAllocationQuery, PortAllocationQueryVariables>;
export const PortAllocationsDocument = new TypedDocumentString(`
    query PortAllocations($where: AllocationFilter, $orderBy: AllocationOrder, $first: Int, $after: String, $last: Int, $before: String) {
  portAllocations(
    where: $where
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
      hasPreviousPage
      startCursor
    }
    edges {
      node {
        ...PortAllocationFields
      }
    }
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}`) as unknown as TypedDocumentString<PortAllocationsQuery, PortAllocationsQueryVariables>;
export const CheckPortDocument = new TypedDocumentString(`
    query CheckPort($port: Port!, $host: String) {
  checkPort(port: $port, host: $host) {
    ...PortCheckFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortCheckFields on PortCheck {
  port
  available
  reasons
  explanation
  suggestions
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}`) as unknown as TypedDocumentString<CheckPortQuery, CheckPortQueryVariables>;
export const RecommendPortDocument = new TypedDocumentString(`
    query RecommendPort($serviceName: String!, $environment: Environment, $host: String) {
  recommendPort(serviceName: $serviceName, environment: $environment, host: $host) {
    ...PortCheckFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortCheckFields on PortCheck {
  port
  available
  reasons
  explanation
  suggestions
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}`) as unknown as TypedDocumentString<RecommendPortQuery, RecommendPortQueryVariables>;
export const PortRangesDocument = new TypedDocumentString(`
    query PortRanges($host: String) {
  portRanges(host: $host) {
    ...PortRangeFields
  }
}
    fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}`) as unknown as TypedDocumentString<PortRangesQuery, PortRangesQueryVariables>;
export const AllocatePortDocument = new TypedDocumentString(`
    mutation AllocatePort($input: AllocatePortInput!) {
  allocatePort(input: $input) {
    __typename
    ... on AllocatePortSuccess {
      created
      allocation {
        ...PortAllocationFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
    ...PortUnavailableFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment PortUnavailableFields on PortUnavailable {
  port
  reasons
  suggestions
  holder {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}`) as unknown as TypedDocumentString<AllocatePortMutation, AllocatePortMutationVariables>;
export const AllocatePortsDocument = new TypedDocumentString(`
    mutation AllocatePorts($input: AllocatePortsInput!) {
  allocatePorts(input: $input) {
    __typename
    ... on AllocatePortsSuccess {
      created
      allocations {
        ...PortAllocationFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
    ...PortUnavailableFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment PortUnavailableFields on PortUnavailable {
  port
  reasons
  suggestions
  holder {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}`) as unknown as TypedDocumentString<AllocatePortsMutation, AllocatePortsMutationVariables>;
export const RegisterPortDocument = new TypedDocumentString(`
    mutation RegisterPort($input: RegisterPortInput!) {
  registerPort(input: $input) {
    __typename
    ... on AllocatePortSuccess {
      created
      allocation {
        ...PortAllocationFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
    ...PortUnavailableFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment PortUnavailableFields on PortUnavailable {
  port
  reasons
  suggestions
  holder {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
}`) as unknown as TypedDocumentString<RegisterPortMutation, RegisterPortMutationVariables>;
export const ReleasePortDocument = new TypedDocumentString(`
    mutation ReleasePort($input: ReleasePortInput!) {
  releasePort(input: $input) {
    __typename
    ... on ReleasePortSuccess {
      allocation {
        ...PortAllocationFields
      }
      warnings {
        ...ConflictFields
      }
    }
    ...RefusalFields
    ...NotOwnerFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment NotOwnerFields on NotOwner {
  holder {
    ...PortAllocationFields
  }
}`) as unknown as TypedDocumentString<ReleasePortMutation, ReleasePortMutationVariables>;
export const TransferPortsDocument = new TypedDocumentString(`
    mutation TransferPorts($input: TransferPortsInput!) {
  transferPorts(input: $input) {
    __typename
    ... on TransferPortsSuccess {
      allocations {
        ...PortAllocationFields
      }
    }
    ...RefusalFields
    ...NotOwnerFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}
fragment NotOwnerFields on NotOwner {
  holder {
    ...PortAllocationFields
  }
}`) as unknown as TypedDocumentString<TransferPortsMutation, TransferPortsMutationVariables>;
export const ListenersDocument = new TypedDocumentString(`
    query Listeners($host: String, $first: Int, $skip: Int) {
  host(name: $host) {
    listeners(first: $first, skip: $skip) {
      ...ListenerFields
      allocation {
        ...PortAllocationFields
      }
    }
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}`) as unknown as TypedDocumentString<ListenersQuery, ListenersQueryVariables>;
export const ScanHostDocument = new TypedDocumentString(`
    mutation ScanHost($first: Int) {
  scanHost {
    host {
      name
      scannedAt
    }
    listenerCount
    listeners(first: $first) {
      ...ListenerFields
      allocation {
        ...PortAllocationFields
      }
    }
    activatedCount
    activated(first: $first) {
      ...PortAllocationFields
    }
    deactivatedCount
    deactivated(first: $first) {
      ...PortAllocationFields
    }
    openedCount
    opened(first: $first) {
      ...ConflictFields
    }
    resolvedCount
    resolved(first: $first) {
      ...ConflictFields
    }
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment ListenerFields on Listener {
  port
  addresses
  processId
  processName
  command
  workingDirectory
  worktree {
    id
    path
    branch
  }
}
fragment ConflictFields on Conflict {
  id
  kind
  state
  message
  actions
  port
  environment
  detectedAt
  resolvedAt
  host {
    name
  }
  allocation {
    ...PortAllocationFields
  }
  listener {
    ...ListenerFields
  }
  worktree {
    id
    path
    branch
    conversationId
    missingSince
  }
}`) as unknown as TypedDocumentString<ScanHostMutation, ScanHostMutationVariables>;
export const CleanupPortsDocument = new TypedDocumentString(`
    mutation CleanupPorts($dryRun: Boolean, $host: String, $first: Int, $skip: Int) {
  cleanupPorts(dryRun: $dryRun, host: $host) {
    dryRun
    historyPruned
    releasedCount
    released(first: $first, skip: $skip) {
      ...CleanupItemFields
    }
    keptCount
    kept(first: $first, skip: $skip) {
      ...CleanupItemFields
    }
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment CleanupItemFields on CleanupItem {
  reason
  explanation
  allocation {
    ...PortAllocationFields
  }
}`) as unknown as TypedDocumentString<CleanupPortsMutation, CleanupPortsMutationVariables>;
export const BackfillWorktreesDocument = new TypedDocumentString(`
    mutation BackfillWorktrees($codebaseId: ID!, $dryRun: Boolean, $conversations: [WorktreeConversationInput!]) {
  backfillWorktrees(
    codebaseId: $codebaseId
    dryRun: $dryRun
    conversations: $conversations
  ) {
    __typename
    ... on BackfillReport {
      dryRun
      items {
        created
        explanation
        worktree {
          ...WorktreeFields
        }
        allocations {
          ...PortAllocationFields
        }
      }
      skipped {
        path
        explanation
      }
    }
    ...RefusalFields
  }
}
    fragment PortAllocationFields on PortAllocation {
  id
  port
  url
  serviceName
  description
  environment
  status
  conversationId
  metadata
  publicHostnames
  allocatedAt
  releasedAt
  liveness
  lastCheckedAt
  lastActiveAt
  processId
  host {
    name
  }
  codebase {
    id
    name
  }
  worktree {
    id
    path
    branch
  }
}
fragment WorktreeFields on Worktree {
  id
  path
  branch
  conversationId
  registeredAt
  missingSince
  removedAt
  host {
    name
  }
  codebase {
    id
    name
  }
}
fragment PortRangeFields on PortRange {
  environment
  start
  end
  size
  used
  available
  utilization
}
fragment RefusalFields on Error {
  __typename
  code
  message
  ... on InvalidInput {
    issues {
      path
      message
    }
  }
  ... on RangeExhausted {
    range {
      ...PortRangeFields
    }
  }
}`) as unknown as TypedDocumentString<BackfillWorktreesMutation, BackfillWorktreesMutationVariables>;