import { type AllocationChanges, type AllocationChangesOptions, allocationChanges } from './allocation-changes.ts';
import { createEventSocket } from './event-socket.ts';
import { type EventOperations, eventOperations } from './events.ts';
import { createExecute } from './execute.ts';
import { type PlaceOperations, placeOperations } from './places.ts';
import { type PortOperations, portOperations } from './ports.ts';

// This file is what `wharfinger/client` gives: whatever a caller may want to name is exported here.
export type { AllocationChanges, AllocationChangesOptions } from './allocation-changes.ts';
export { RegistryError, RegistryUnauthorized, RegistryUnreachable } from './errors.ts';
export type { AllocationEvent, EventOperations } from './events.ts';
export {
  type AllocatePortInput,
  type AllocatePortsInput,
  AllocationEventKind,
  type AllocationEventsQueryVariables,
  type AllocationFilter,
  type AllocationOrder,
  AllocationOrderField,
  AllocationStatus,
  Environment,
  ErrorCode,
  type EventFilter,
  type OwnerInput,
  type PortAllocationsQueryVariables,
  type PortConfigInput,
  type RegisterCodebaseInput,
  type RegisterPortInput,
  type RegisterWorktreeInput,
  type ReleasePortInput,
  type RemoveWorktreeInput,
  type ServicePortInput,
  type ServiceRequest,
  SortDirection,
  type TransferPortsInput,
  UnavailableReason,
} from './gql/graphql.ts';
export type * from './places.ts';
export type * from './ports.ts';
export { isRefusal, type RefusalOf } from './refusal.ts';

export interface RegistryClientOptions {
  /** Where the graph is. Default: http://127.0.0.1:4280/graphql; a URL without a path gets /graphql. */
  readonly url?: string | undefined;
  /** The server's WHARFINGER_TOKEN, sent as bearer token. Default: none. */
  readonly token?: string | undefined;
  /** How long the registry may take to answer, or to accept a subscription's connection, in milliseconds. Default: 10000. */
  readonly timeoutMs?: number;
  /** Sends queries and mutations. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * The registry's operations as methods. They throw `RegistryUnreachable`, `RegistryUnauthorized` or
 * `RegistryError`; a refusal is a result instead.
 */
export interface RegistryClient extends PortOperations, PlaceOperations, EventOperations, AsyncDisposable {
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
  const socket = createEventSocket({ url, token, timeoutMs });
  const connections = { socket, place: { url, hasToken: token !== undefined }, latestCursor: events.latestEventCursor };
  const running = new Set<() => void>();

  const close = async () => {
    for (const end of [...running]) end();
  };
  return {
    url,
    ...portOperations(execute),
    ...placeOperations(execute),
    ...events,
    allocationChanged: (changes = {}) => allocationChanges(changes, connections, running),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function graphUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new TypeError(
      `The registry's URL is ${JSON.stringify(text)}: it takes one such as http://127.0.0.1:4280/graphql.`,
    );
  }
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}
