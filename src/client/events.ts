import type { Execute } from './execute.ts';
import {
  type AllocationEventFieldsFragment,
  AllocationEventsDocument,
  type AllocationEventsQueryVariables,
  LatestEventCursorDocument,
} from './gql/graphql.ts';

/** A change to an allocation, which is as it stood right after it. */
export type AllocationEvent = AllocationEventFieldsFragment;

/** What can be asked about the event log. */
export interface EventOperations {
  /** Past events after a cursor, or from the first on, oldest first; 100 unless `first` says how many, at most 1000. */
  allocationEvents(variables?: AllocationEventsQueryVariables): Promise<AllocationEvent[]>;
  /**
   * The log's end now, for `allocationChanged({ after })`.
   *
   * @example <caption>The present state, and every change since</caption>
   * const after = await client.latestEventCursor();
   * const { allocations } = await client.portAllocations();
   * for await (const event of client.allocationChanged({ after })) console.log(event.kind);
   */
  latestEventCursor(): Promise<string>;
}

export function eventOperations(execute: Execute): EventOperations {
  return {
    allocationEvents: async (variables = {}) => (await execute(AllocationEventsDocument, variables)).allocationEvents,
    latestEventCursor: async () => (await execute(LatestEventCursorDocument, {})).latestEventCursor,
  };
}
