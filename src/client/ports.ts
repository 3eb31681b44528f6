import type { Execute } from './execute.ts';
import {
  AllocatePortDocument,
  type AllocatePortInput,
  type AllocatePortMutation,
  AllocatePortsDocument,
  type AllocatePortsInput,
  type AllocatePortsMutation,
  CheckPortDocument,
  type CheckPortQueryVariables,
  PortAllocationDocument,
  type PortAllocationFieldsFragment,
  type PortAllocationQueryVariables,
  PortAllocationsDocument,
  type PortAllocationsQuery,
  type PortAllocationsQueryVariables,
  type PortCheckFieldsFragment,
  type PortRangeFieldsFragment,
  PortRangesDocument,
  type PortRangesQueryVariables,
  RecommendPortDocument,
  type RecommendPortQueryVariables,
  RegisterPortDocument,
  type RegisterPortInput,
  type RegisterPortMutation,
  ReleasePortDocument,
  type ReleasePortInput,
  type ReleasePortMutation,
  TransferPortsDocument,
  type TransferPortsInput,
  type TransferPortsMutation,
} from './gql/graphql.ts';

/** A claim on a port of a host, with its host, codebase and worktree. */
export type PortAllocation = PortAllocationFieldsFragment;
/** What is known about one port. */
export type PortCheck = PortCheckFieldsFragment;
/** An environment's ports on one host, and how many of them are held. */
export type PortRange = PortRangeFieldsFragment;
export type AllocatePortResult = AllocatePortMutation['allocatePort'];
export type AllocatePortsResult = AllocatePortsMutation['allocatePorts'];
export type RegisterPortResult = RegisterPortMutation['registerPort'];
export type ReleasePortResult = ReleasePortMutation['releasePort'];
export type TransferPortsResult = TransferPortsMutation['transferPorts'];

/** A page of allocations. For the next one pass `pageInfo.endCursor` as `after`. */
export interface PortAllocationPage {
  readonly allocations: PortAllocation[];
  /** How many there are on all pages together. */
  readonly totalCount: number;
  readonly pageInfo: PortAllocationsQuery['portAllocations']['pageInfo'];
}

/** What can be asked and done about ports. A mutation's result is a success or a refusal: see `isRefusal`. */
export interface PortOperations {
  /** The live allocation of a port; null where nobody holds it. */
  portAllocation(variables: PortAllocationQueryVariables): Promise<PortAllocation | null>;
  /**
   * Allocations, by port and the live ones unless asked otherwise; 100 unless `first` or `last` says
   * how many, at most 1000.
   *
   * @example
   * const { allocations } = await client.portAllocations({ where: { worktreePath: process.cwd() } });
   */
  portAllocations(variables?: PortAllocationsQueryVariables): Promise<PortAllocationPage>;
  /** Who holds a port, whether it can be had and what to take instead, also as a sentence to relay. */
  checkPort(variables: CheckPortQueryVariables): Promise<PortCheck>;
  /**
   * The port that a service without an owner would be given now. One with an owner is given what it holds, else what it
   * had before or what its codebase configures. Nothing is held by asking. Throws RANGE_EXHAUSTED where none is free.
   */
  recommendPort(variables: RecommendPortQueryVariables): Promise<PortCheck>;
  /** The port ranges of a host and how full they are. */
  portRanges(variables?: PortRangesQueryVariables): Promise<PortRange[]>;
  /**
   * Gives a service a port. Repeating it gives the same port again, with `created: false`.
   *
   * @example
   * const result = await client.allocatePort({ serviceName: 'web', owner: { worktreePath: process.cwd() } });
   * if (result.__typename === 'AllocatePortSuccess') console.log(result.allocation.port);
   */
  allocatePort(input: AllocatePortInput): Promise<AllocatePortResult>;
  /** Gives each of several services a port, all of them or none. Repeating it is safe. */
  allocatePorts(input: AllocatePortsInput): Promise<AllocatePortsResult>;
  /** Claims a known port for a service that exists, production above all. Repeating it is safe. */
  registerPort(input: RegisterPortInput): Promise<RegisterPortResult>;
  /** Releases a port for anyone to take. Refused to anybody but its owner, unless forced. */
  releasePort(input: ReleasePortInput): Promise<ReleasePortResult>;
  /** Hands allocations to another worktree, codebase or conversation, all of them or none. */
  transferPorts(input: TransferPortsInput): Promise<TransferPortsResult>;
}

export function portOperations(execute: Execute): PortOperations {
  return {
    portAllocation: async (variables) => (await execute(PortAllocationDocument, variables)).portAllocation,
    async portAllocations(variables = {}) {
      const { edges, ...page } = (await execute(PortAllocationsDocument, variables)).portAllocations;
      return { ...page, allocations: edges.map(({ node }) => node) };
    },
    checkPort: async (variables) => (await execute(CheckPortDocument, variables)).checkPort,
    recommendPort: async (variables) => (await execute(RecommendPortDocument, variables)).recommendPort,
    portRanges: async (variables = {}) => (await execute(PortRangesDocument, variables)).portRanges,
    allocatePort: async (input) => (await execute(AllocatePortDocument, { input })).allocatePort,
    allocatePorts: async (input) => (await execute(AllocatePortsDocument, { input })).allocatePorts,
    registerPort: async (input) => (await execute(RegisterPortDocument, { input })).registerPort,
    releasePort: async (input) => (await execute(ReleasePortDocument, { input })).releasePort,
    transferPorts: async (input) => (await execute(TransferPortsDocument, { input })).transferPorts,
  };
}
