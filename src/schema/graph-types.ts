import type { CodebaseRef } from './codebase.ts';
import type { ConflictRef } from './conflict.ts';
import type { Enums } from './enums.ts';
import type { HostRef } from './host.ts';
import type { ListenerRef } from './listener.ts';
import type { PortAllocationRef } from './port-allocation.ts';
import type { ServiceInputs } from './service-inputs.ts';
import type { WorktreeRef } from './worktree.ts';

/** The types that the mutations take and answer with. */
export interface GraphTypes extends ServiceInputs {
  readonly enums: Enums;
  readonly Host: HostRef;
  readonly Codebase: CodebaseRef;
  readonly Worktree: WorktreeRef;
  readonly PortAllocation: PortAllocationRef;
  readonly Listener: ListenerRef;
  readonly Conflict: ConflictRef;
}
