import type { Execute } from './execute.ts';
import {
  CodebaseDocument,
  type CodebaseFieldsFragment,
  type CodebaseQuery,
  type CodebaseQueryVariables,
  CodebasesDocument,
  type CodebasesQueryVariables,
  HostDocument,
  type HostFieldsFragment,
  type HostQueryVariables,
  HostsDocument,
  type HostsQueryVariables,
  RegisterCodebaseDocument,
  type RegisterCodebaseInput,
  type RegisterCodebaseMutation,
  RegisterWorktreeDocument,
  type RegisterWorktreeInput,
  type RegisterWorktreeMutation,
  RemoveWorktreeDocument,
  type RemoveWorktreeInput,
  type RemoveWorktreeMutation,
  WorktreeDocument,
  type WorktreeFieldsFragment,
  type WorktreeQuery,
  type WorktreeQueryVariables,
  WorktreesDocument,
  type WorktreesQueryVariables,
} from './gql/graphql.ts';

/** A repository and the ports that it keeps for itself. */
export type Codebase = CodebaseFieldsFragment;
/** A codebase with its registered worktrees and its live allocations. */
export type CodebaseDetails = NonNullable<CodebaseQuery['codebase']>;
/** One checkout of a codebase on one host. */
export type Worktree = WorktreeFieldsFragment;
/** A worktree with its live allocations. */
export type WorktreeDetails = NonNullable<WorktreeQuery['worktree']>;
/** A machine, and how full its port ranges are. */
export type Host = HostFieldsFragment;
export type RegisterCodebaseResult = RegisterCodebaseMutation['registerCodebase'];
export type RegisterWorktreeResult = RegisterWorktreeMutation['registerWorktree'];
export type RemoveWorktreeResult = RemoveWorktreeMutation['removeWorktree'];

/** What can be asked and done about codebases, worktrees and hosts. Lists have at most 1000 entries: see `skip`. */
export interface PlaceOperations {
  /** A codebase with its worktrees and live allocations; null where there is none. */
  codebase(variables: CodebaseQueryVariables): Promise<CodebaseDetails | null>;
  /** The registered codebases, by name. */
  codebases(variables?: CodebasesQueryVariables): Promise<Codebase[]>;
  /** The worktree at a path with its live allocations, registered or removed; null where none ever was. */
  worktree(variables: WorktreeQueryVariables): Promise<WorktreeDetails | null>;
  /** The registered worktrees, by host and path. */
  worktrees(variables?: WorktreesQueryVariables): Promise<Worktree[]>;
  /** A host by name, or the one that the server observes; null where nobody knows the name. */
  host(variables?: HostQueryVariables): Promise<Host | null>;
  /** The hosts that are known, by name. */
  hosts(variables?: HostsQueryVariables): Promise<Host[]>;
  /** Registers a codebase or brings one up to date: what is left out stays, null clears it. */
  registerCodebase(input: RegisterCodebaseInput): Promise<RegisterCodebaseResult>;
  /**
   * Registers a worktree and gives it a port, or one for each service named. Repeating it is safe.
   *
   * @example
   * const result = await client.registerWorktree({
   *   path: '/home/me/shop-cart',
   *   branch: 'feature/cart',
   *   services: [{ serviceName: 'web' }, { serviceName: 'api' }],
   * });
   */
  registerWorktree(input: RegisterWorktreeInput): Promise<RegisterWorktreeResult>;
  /** Removes a worktree from the registry and releases what it holds. Nothing on disk is touched. */
  removeWorktree(input: RemoveWorktreeInput): Promise<RemoveWorktreeResult>;
}

export function placeOperations(execute: Execute): PlaceOperations {
  return {
    codebase: async (variables) => (await execute(CodebaseDocument, variables)).codebase,
    codebases: async (variables = {}) => (await execute(CodebasesDocument, variables)).codebases,
    worktree: async (variables) => (await execute(WorktreeDocument, variables)).worktree,
    worktrees: async (variables = {}) => (await execute(WorktreesDocument, variables)).worktrees,
    host: async (variables = {}) => (await execute(HostDocument, variables)).host,
    hosts: async (variables = {}) => (await execute(HostsDocument, variables)).hosts,
    registerCodebase: async (input) => (await execute(RegisterCodebaseDocument, { input })).registerCodebase,
    registerWorktree: async (input) => (await execute(RegisterWorktreeDocument, { input })).registerWorktree,
    removeWorktree: async (input) => (await execute(RemoveWorktreeDocument, { input })).removeWorktree,
  };
}
