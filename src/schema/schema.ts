import type { GraphQLSchema } from 'graphql';
import { addAllocatePort, addAllocatePortSuccess } from './allocate-port.ts';
import { addAllocatePorts } from './allocate-ports.ts';
import { addAllocationEvent } from './allocation-event.ts';
import { addAllocationFilter } from './allocation-filter.ts';
import { addAllocationList } from './allocation-list.ts';
import { addBackfillWorktrees } from './backfill-worktrees.ts';
import { type Builder, createBuilder } from './builder.ts';
import { addCleanupPorts } from './cleanup-ports.ts';
import { addCodebase } from './codebase.ts';
import { addConflict } from './conflict.ts';
import { addConflictWarning } from './conflict-warning.ts';
import { addConflicts } from './conflicts.ts';
import { addEnums } from './enums.ts';
import { addExportRegistry } from './export-registry.ts';
import type { GraphTypes } from './graph-types.ts';
import { addHost } from './host.ts';
import { addImportRegistry } from './import-registry.ts';
import { addListener, listenerRef } from './listener.ts';
import { addPortAllocation } from './port-allocation.ts';
import { addPortCheck } from './port-check.ts';
import { addPortConfig } from './port-config.ts';
import { addPortRange } from './port-range.ts';
import { addRefusals } from './refusals.ts';
import { addRegisterCodebase } from './register-codebase.ts';
import { addRegisterPort } from './register-port.ts';
import { addRegisterWorktree } from './register-worktree.ts';
import { addRegistryFormat } from './registry-format.ts';
import { addReleasePort } from './release-port.ts';
import { addRemoveWorktree } from './remove-worktree.ts';
import { addRenderTemplate } from './render-template.ts';
import { addResolveConflict } from './resolve-conflict.ts';
import { addScalars } from './scalars.ts';
import { addScanHost } from './scan-host.ts';
import { addServiceInputs } from './service-inputs.ts';
import { addTransferPorts } from './transfer-ports.ts';
import { addWorktree } from './worktree.ts';

/** The graph. `strict` makes a read that plans a query and does not use it an error, for tests. */
export function createSchema(options: { readonly strict?: boolean } = {}): GraphQLSchema {
  const builder = createBuilder(options);
  builder.queryType({ description: 'What is held, by whom, and what is free.' });
  builder.mutationType({
    description: 'Claims and their ends. Each answers with a success, or with a refusal that says what to do.',
  });
  builder.subscriptionType({ description: 'What changes, as it changes: over graphql-ws or server-sent events.' });
  addScalars(builder);
  const enums = addEnums(builder);
  const AllocationFilter = addAllocationFilter(builder, enums);
  const PortRange = addPortRange(builder, enums);
  const Host = addHost(builder, PortRange);
  const Codebase = addCodebase(builder, AllocationFilter);
  const Worktree = addWorktree(builder, AllocationFilter);
  const PortAllocation = addPortAllocation(builder, enums);
  const Listener = listenerRef(builder);
  const Conflict = addConflict(builder, enums, { Host, Worktree, PortAllocation, Listener });
  addListener(builder, Listener, { Worktree, PortAllocation });
  addConflicts(builder, Conflict, Listener);
  addConflictWarning(builder, enums, Conflict);
  addAllocationList(builder, enums, { PortAllocation, AllocationFilter });
  addPortConfig(builder, AllocationFilter);
  addRenderTemplate(builder, AllocationFilter);
  const RegistryFormat = addRegistryFormat(builder);
  addExportRegistry(builder, { AllocationFilter, RegistryFormat });
  addAllocationEvent(builder, enums, PortAllocation);
  addPortCheck(builder, enums, { Host, PortAllocation, Listener });
  addRefusals(builder, enums, { PortAllocation, PortRange, Listener });
  const types = { enums, Host, Codebase, Worktree, PortAllocation, Listener, Conflict };
  const graphTypes = { ...types, ...addServiceInputs(builder) };
  addMutations(builder, graphTypes);
  addImportRegistry(builder, graphTypes, RegistryFormat);
  return builder.toSchema();
}

function addMutations(builder: Builder, types: GraphTypes): void {
  const AllocatePortSuccess = addAllocatePortSuccess(builder, types);
  addAllocatePort(builder, types, AllocatePortSuccess);
  addAllocatePorts(builder, types);
  addRegisterPort(builder, types, AllocatePortSuccess);
  addReleasePort(builder, types);
  addTransferPorts(builder, types);
  addRegisterCodebase(builder, types);
  addRegisterWorktree(builder, types);
  addRemoveWorktree(builder, types);
  addBackfillWorktrees(builder, types);
  addScanHost(builder, types);
  addCleanupPorts(builder, types);
  addResolveConflict(builder, types);
}
