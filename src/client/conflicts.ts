import type { Execute } from './execute.ts';
import {
  type ConflictFieldsFragment,
  ConflictsDocument,
  type ConflictsQueryVariables,
  ResolveConflictDocument,
  type ResolveConflictMutation,
  type ResolveConflictMutationVariables,
} from './gql/graphql.ts';

/** Something that a person or an agent should settle, with whom it is about and what can be done. */
export type Conflict = ConflictFieldsFragment;
export type ResolveConflictResult = ResolveConflictMutation['resolveConflict'];

/** What can be asked and done about conflicts. */
export interface ConflictOperations {
  /**
   * The open conflicts, the newest first; then, with `includeResolved`, those that were resolved, the last one
   * first. 100 unless `first` says how many, at most 1000: see `skip`. With `ids`, only these.
   *
   * @example
   * for (const { kind, message, actions } of await client.conflicts()) console.log(kind, message, actions);
   */
  conflicts(variables?: ConflictsQueryVariables): Promise<Conflict[]>;
  /**
   * Settles an open conflict by one of its `actions`. No process is stopped by it. `allocation` is the claim that
   * came of it, where one did: of REALLOCATE, the one on the other port.
   *
   * @example
   * const result = await client.resolveConflict({ id, action: ConflictAction.REALLOCATE });
   * console.log(isRefusal(result) ? result.message : `now on ${result.allocation?.port}`);
   */
  resolveConflict(variables: ResolveConflictMutationVariables): Promise<ResolveConflictResult>;
}

export function conflictOperations(execute: Execute): ConflictOperations {
  return {
    conflicts: async (variables = {}) => (await execute(ConflictsDocument, variables)).conflicts,
    resolveConflict: async (variables) => (await execute(ResolveConflictDocument, variables)).resolveConflict,
  };
}
