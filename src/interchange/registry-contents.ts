import type { Allocation, Codebase, Host, Worktree } from '../domain/registry-model.ts';

/** What is exported. */
export interface RegistryContents {
  readonly exportedAt: Date;
  readonly hosts: readonly Pick<Host, 'name' | 'lastSeenAt'>[];
  readonly codebases: readonly Codebase[];
  readonly worktrees: readonly ExportedWorktree[];
  /** Those that are history first, as they were released, since their ports may be held again; then by host and port. */
  readonly allocations: readonly ExportedAllocation[];
}

/** What the registry knows of a worktree by itself; the rest is found by looking. */
export type ExportedWorktree = Omit<Worktree, 'missingSince' | 'misses' | 'device'>;

export interface ExportedAllocation extends Allocation {
  readonly worktreePath: string | null;
  readonly codebaseName: string | null;
}

/** Those that hold a port: the only ones that formats other than the own one can tell. */
export const liveOnes = ({ allocations }: RegistryContents): ExportedAllocation[] =>
  allocations.filter(({ releasedAt }) => releasedAt === null);
