import { type AllocationChanges, type AllocationChangesOptions, allocationChanges } from './allocation-changes.ts';
import { type ConfigurationOperations, configurationOperations } from './configuration.ts';
import { type ConflictWarnings, type ConflictWarningsOptions, conflictWarnings } from './conflict-warnings.ts';
import { type ConflictOperations, conflictOperations } from './conflicts.ts';
import type { EventSocket } from './event-socket.ts';
import { type EventOperations, eventOperations } from './events.ts';
import { createExecute, type Fetch } from './execute.ts';
import { type InterchangeOperations, interchangeOperations } from './interchange.ts';
import { type PlaceOperations, placeOperations } from './places.ts';
import { type PortOperations, portOperations } from './ports.ts';
import { type UpkeepOperations, upkeepOperations } from './upkeep.ts';

// This file is what `wharfinger/client` gives: whatever a caller may want to name is exported here.
export type { AllocationChanges, AllocationChangesOptions } from './allocation-changes.ts';
export type * from './configuration.ts';
export type { ConflictWarnings, ConflictWarningsOptions } from './conflict-warnings.ts';
export type * from './conflicts.ts';
export { RegistryError, RegistryUnauthorized, RegistryUnreachable } from './errors.ts';
export type { EventStream, EventStreamOptions } from './event-stream.ts';
export type { AllocationEvent, EventOperations } from './events.ts';
export type { Fetch } from './execute.ts';
export {
  type AllocatePortInput,
  type AllocatePortsInput,
  AllocationEventKind,
  type AllocationEventsQueryVariables,
  type AllocationFilter,
  type AllocationOrder,
  AllocationOrderField,
  AllocationStatus,
  CleanupReason,
  ConfigFormat,
  ConflictAction,
  ConflictKind,
  ConflictState,
  Environment,
  ErrorCode,
  type EventFilter,
  ImportOutcome,
  Liveness,
  type OwnerInput,
  type PortAllocationsQueryVariables,
  type PortConfigInput,
  type RegisterCodebaseInput,
  type RegisterPortInput,
  type RegisterWorktreeInput,
  RegistryFormat,
  type ReleasePortInput,
  type RemoveWorktreeInput,
  type ServicePortInput,
  type ServiceRequest,
  SortDirection,
  type TransferPortsInput,
  UnavailableReason,
  type WorktreeConversationInput,
} from './gql/graphql.ts';
export type * from './interchange.ts';
export type * from './places.ts';
export type * from './ports.ts';
export { isRefusal, type RefusalOf } from './refusal.ts';
export type * from './upkeep.ts';

export interface RegistryClientOptions {
  /**
   * Where the graph is. Default: http://127.0.0.1:4280/graphql; a URL without a path gets /graphql. One with a user or
   * a password in it is refused by a TypeError, as one that is none is.
   */
  readonly url?: string | undefined;
  /** The server's WHARFINGER_TOKEN, sent as bearer token. Default: none. */
  readonly token?: string | undefined;
  /** How long the registry may take to answer, or to accept a subscription's connection, in milliseconds. Default: 10000. */
  readonly timeoutMs?: number;
  /** Sends queries and mutations. Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

/**
 * The registry's operations as methods. They throw `RegistryUnreachable`, `RegistryUnauthorized` or
 * `RegistryError`; a refusal is a result instead.
 */
export interface RegistryClient
  extends PortOperations,
    PlaceOperations,
    UpkeepOperations,
    ConflictOperations,
    ConfigurationOperations,
    InterchangeOperations,
    EventOperations,
    AsyncDisposable {
  /** Where the graph is. */
  readonly url: string;
  /**
   * Changes to allocations: every matching one once and in order, also over lost connections and
   * restarts of the server, after which it resumes where it was. Begins with the first `next`.
   * Throws where the registry cannot be reached at first, or where trying again is of no use: a wrong
   * token, a cursor that is not of this registry.
   *
   * @example
   * for await (const { kind, allocation } of client.allocationChanged({ where: { environments: ['DEV'] } })) {
   *   console.log(kind, allocation.port, allocation.serviceName);
   * }
   */
  allocationChanged(options?: AllocationChangesOptions): AllocationChanges;
  /**
   * The conflicts that are open, then each that opens and each that resolves, also over lost connections and
   * restarts of the server. After a lost connection, a conflict that was told as open is not told again; one that
   * is no longer open is told as RESOLVED, so that whoever keeps those that were told as open keeps no stale one.
   * Where the registry has forgotten it, it is told as it was last, with a `resolvedAt` of null. One that opened and
   * resolved while there was no connection is not told. Begins with the first `next`, and throws as
   * `allocationChanged` does.
   *
   * @example
   * for await (const { state, message } of client.conflictWarning({ kinds: [ConflictKind.PORT_SQUATTED] })) {
   *   console.log(state, message);
   * }
   */
  conflictWarning(options?: ConflictWarningsOptions): ConflictWarnings;
  /** Ends all subscriptions, and their connection with them. Requests hold nothing open. */
  close(): Promise<void>;
}

/**
 * A client for one registry. Nothing is sent before a method is called.
 *
 * @example
 * import { createRegistryClient, isRefusal } from 'wharfinger/client';
 *
 * const client = createRegistryClient({ token: process.env.WHARFINGER_TOKEN });
 * const result = await client.allocatePort({ serviceName: 'web', owner: { worktreePath: process.cwd() } });
 * if (isRefusal(result)) throw new Error(result.message);
 * console.log(result.allocation.url);
 */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const { timeoutMs = 10_000, fetch = globalThis.fetch } = options;
  const url = graphUrl(options.url ?? 'http://127.0.0.1:4280/graphql');
  const token = options.token || undefined; // an empty variable is none
  const execute = createExecute({ url, token, fetch, timeoutMs });
  const events = eventOperations(execute);
  const conflicts = conflictOperations(execute);
  const running = new Set<() => void>();
  let opened: Promise<EventSocket> | undefined;
  const socket = () => {
    opened ??= import('./event-socket.ts').then((module) => module.createEventSocket({ url, token, timeoutMs }));
    return opened;
  };
  const subscriptions = { socket, place: { url, hasToken: token !== undefined }, running };

  const close = async () => {
    for (const end of [...running]) end();
  };
  return {
    url,
    ...portOperations(execute),
    ...placeOperations(execute),
    ...upkeepOperations(execute),
    ...interchangeOperations(execute),
    ...conflicts,
    ...configurationOperations(execute),
    ...events,
    allocationChanged: (changes = {}) => allocationChanges(changes, events.latestEventCursor, subscriptions),
    conflictWarning: (warnings = {}) => conflictWarnings(warnings, conflicts.conflicts, subscriptions),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function graphUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    // What stands before an @ or after a ? may be a secret.
    const shown = /[@?]/.test(text) ? 'none' : JSON.stringify(text);
    throw new TypeError(`The registry's URL is ${shown}: it takes one such as http://127.0.0.1:4280/graphql.`);
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new TypeError("The registry's URL has a user or a password in it: leave them out, and give a token instead.");
  }
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}
