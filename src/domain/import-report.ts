import type { Owner } from './owner.ts';
import type { Environment } from './policy.ts';
import type { Port } from './port.ts';
import type { Allocation, AllocationStatus, Codebase, JsonObject, Worktree } from './registry-model.ts';

/** A row of a file, parsed. */
export type ImportRow = { readonly line: number } & (
  | { readonly kind: 'claim'; readonly claim: ImportedClaim }
  | { readonly kind: 'codebase'; readonly codebase: ImportedCodebase }
  | { readonly kind: 'worktree'; readonly worktree: ImportedWorktree }
  | {
      readonly kind: 'unreadable';
      readonly problem: string;
      /** As far as they could be read. */
      readonly port: Port | null;
      readonly serviceName: string | null;
    }
);

/** A claim as a file tells it. What is null, it does not tell. */
export interface ImportedClaim {
  readonly hostName: string;
  readonly port: Port;
  readonly serviceName: string;
  readonly environment: Environment | null;
  readonly owner: Owner;
  /** Whether it is taken without its codebase where that is not registered, rather than not at all. */
  readonly canLackCodebase: boolean;
  readonly description: string | null;
  readonly metadata: JsonObject | null;
  readonly publicHostnames: readonly string[];
  /** Of the own format only. */
  readonly kept: KeptFacts | null;
}

/** What a registry knew of an allocation beside the claim itself. */
interface KeptFacts {
  readonly id: string | null;
  readonly status: AllocationStatus;
  readonly allocatedAt: Date;
  readonly releasedAt: Date | null;
  readonly lastCheckedAt: Date | null;
  readonly lastActiveAt: Date | null;
  readonly processId: number | null;
}

export type ImportedCodebase = Omit<Codebase, 'createdAt'> & { readonly createdAt: Date | null };

export type ImportedWorktree = Pick<
  Worktree,
  'hostName' | 'path' | 'branch' | 'codebaseId' | 'conversationId' | 'removedAt'
> & { readonly id: string | null; readonly registeredAt: Date | null };

/** `CONFLICT`: something else is registered in its place. */
export type ImportOutcome = 'CREATED' | 'UNCHANGED' | 'CONFLICT' | 'INVALID';

/** What becomes of a row. */
export interface Judgement {
  readonly outcome: ImportOutcome;
  /** Why, in a sentence. */
  readonly message: string;
  /** What it is registered as, now or already. */
  readonly allocation: Allocation | null;
  /** What holds the port against it. */
  readonly holder: Allocation | null;
}

export const judged = (
  outcome: ImportOutcome,
  message: string,
  { allocation = null, holder = null }: Partial<Pick<Judgement, 'allocation' | 'holder'>> = {},
): Judgement => ({ outcome, message, allocation, holder });

export interface ImportedRow extends Judgement {
  readonly line: number;
  /** Null where it is about none, or could not be read. */
  readonly port: Port | null;
  readonly serviceName: string | null;
  /** Of the allocation, or else of the holder. */
  readonly worktree: Worktree | null;
  readonly codebase: Codebase | null;
}

export interface ImportReport {
  readonly created: number;
  readonly unchanged: number;
  readonly conflicting: number;
  readonly invalid: number;
  /** In the order of the file. */
  readonly rows: readonly ImportedRow[];
}
