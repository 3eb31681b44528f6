import type { Execute } from './execute.ts';
import {
  BackfillWorktreesDocument,
  type BackfillWorktreesMutation,
  type BackfillWorktreesMutationVariables,
  CleanupPortsDocument,
  type CleanupPortsMutation,
  type CleanupPortsMutationVariables,
  type ListenerFieldsFragment,
  ListenersDocument,
  type ListenersQuery,
  type ListenersQueryVariables,
  ScanHostDocument,
  type ScanHostMutation,
  type ScanHostMutationVariables,
} from './gql/graphql.ts';

/** A process that listens on a port, as the observer of its host last saw it. */
export type Listener = ListenerFieldsFragment;
/** A listener, and who holds its port: null where nobody does. */
export type ListenerDetails = NonNullable<ListenersQuery['host']>['listeners'][number];
/** What a look at a host found, and what it changed. */
export type ScanReport = ScanHostMutation['scanHost'];
/** What a cleanup did, or would do, of every allocation that it looked at. */
export type CleanupReport = CleanupPortsMutation['cleanupPorts'];
export type BackfillWorktreesResult = BackfillWorktreesMutation['backfillWorktrees'];

/** What is really there on the hosts, and how the registry is brought in line with it. */
export interface UpkeepOperations {
  /**
   * What listened on TCP when a host was last looked at (its `scannedAt`), by port; of the host that the server
   * observes, unless `host` names another. 250 unless `first` says how many, at most 1000: see `skip`. Empty for a
   * host that nobody observes or knows.
   *
   * @example
   * const strangers = (await client.listeners()).filter(({ allocation }) => allocation === null);
   */
  listeners(variables?: ListenersQueryVariables): Promise<ListenerDetails[]>;
  /**
   * Looks at the server's host now instead of at the next interval. Throws a `RegistryError` with the code
   * DETECTION_FAILED where its listeners cannot be seen. Each list has 1000 entries at most, or as many as `first`
   * says; `listenerCount` and its like say how many there are.
   */
  scanHost(variables?: ScanHostMutationVariables): Promise<ScanReport>;
  /**
   * Releases what is certainly no longer used, and says of everything else why it stays. With `dryRun` it says the
   * same and changes nothing. `released` and `kept` have 1000 entries at most, or as many as `first` says, after the
   * first `skip`; `releasedCount` and `keptCount` say how many there are.
   *
   * @example
   * const { released } = await client.cleanupPorts({ dryRun: true });
   * for (const { allocation, explanation } of released) console.log(allocation.port, explanation);
   */
  cleanupPorts(variables?: CleanupPortsMutationVariables): Promise<CleanupReport>;
  /**
   * Registers the git worktrees of a codebase that are on the server's disk, and gives ports to those that hold
   * none: the ones that their `.env` files name where these are free. Repeating it is safe; with `dryRun` it says
   * what would be done, and changes nothing. `conversations` says who works in which of them.
   *
   * @example
   * const result = await client.backfillWorktrees({ codebaseId: 'shop', dryRun: true });
   * if (isRefusal(result)) throw new Error(result.message);
   * for (const { worktree, explanation } of result.items) console.log(worktree.path, explanation);
   */
  backfillWorktrees(variables: BackfillWorktreesMutationVariables): Promise<BackfillWorktreesResult>;
}

export function upkeepOperations(execute: Execute): UpkeepOperations {
  return {
    listeners: async (variables = {}) => (await execute(ListenersDocument, variables)).host?.listeners ?? [],
    scanHost: async (variables = {}) => (await execute(ScanHostDocument, variables)).scanHost,
    cleanupPorts: async (variables = {}) => (await execute(CleanupPortsDocument, variables)).cleanupPorts,
    backfillWorktrees: async (variables) => (await execute(BackfillWorktreesDocument, variables)).backfillWorktrees,
  };
}
