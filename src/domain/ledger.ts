import type { Catalog } from './catalog.ts';
import type { Occupancy } from './occupancy.ts';
import type { Environment } from './policy.ts';
import type { Port } from './port.ts';
import type { Allocation, AllocationChange, Codebase, EventKind, Worktree } from './registry-model.ts';

/** A service of an owner: what allocating is idempotent in. */
export interface ServiceKey {
  readonly hostName: string;
  readonly environment: Environment;
  readonly owner: string;
  readonly serviceName: string;
}

/** What was loaded for a batch of decisions. */
export interface LedgerContents {
  readonly now: Date;
  readonly newId: () => string;
  readonly catalog: Catalog;
  readonly occupancies: ReadonlyMap<string, Occupancy>;
  readonly worktrees: readonly Worktree[];
  /** The holders of the ports asked about, the worktrees' allocations, and each service's live and last released ones. */
  readonly allocations: readonly Allocation[];
}

/**
 * The part of the registry that a batch of decisions is about, held in memory while they are made
 * one after the other: each sees what the ones before it changed. What changed is written at the end.
 */
export class Ledger {
  readonly now: Date;
  readonly catalog: Catalog;
  readonly #newId: () => string;
  readonly #occupancies: ReadonlyMap<string, Occupancy>;
  readonly #worktrees = new Map<string, Worktree>();
  readonly #worktreeIds = new Map<string, string>();
  readonly #allocations = new Map<string, Allocation>();
  /** Under each key, the allocations that match it or once did. */
  readonly #index = new Map<string, Set<string>>();
  readonly #changedAllocations = new Set<string>();
  readonly #changedWorktrees = new Set<string>();
  readonly #changedCodebases = new Set<string>();
  readonly #events: AllocationChange[] = [];

  constructor(contents: LedgerContents) {
    this.now = contents.now;
    this.catalog = contents.catalog;
    this.#newId = contents.newId;
    this.#occupancies = contents.occupancies;
    for (const worktree of contents.worktrees) this.#keepWorktree(worktree);
    for (const allocation of contents.allocations) this.#keepAllocation(allocation);
  }

  newId(): string {
    return this.#newId();
  }

  occupancy(hostName: string): Occupancy {
    const occupancy = this.#occupancies.get(hostName);
    if (!occupancy) throw new Error(`The occupancy of ${hostName} was not loaded.`);
    return occupancy;
  }

  /** The worktree at a path, registered or removed. */
  worktreeAt(hostName: string, path: string): Worktree | undefined {
    return this.worktree(this.#worktreeIds.get(keyOf(hostName, path)) ?? null);
  }

  worktree(id: string | null): Worktree | undefined {
    return id === null ? undefined : this.#worktrees.get(id);
  }

  /** The live allocation of a port that the batch asked about. */
  holder(hostName: string, port: number): Allocation | undefined {
    return this.#indexed(keyOf(hostName, port)).find(isLive);
  }

  /** The live allocations of a service, the oldest first. */
  held(key: ServiceKey): Allocation[] {
    const held = this.#indexed(serviceKeyOf(key)).filter(isLive);
    return held.sort((a, b) => a.allocatedAt.getTime() - b.allocatedAt.getTime() || a.port - b.port);
  }

  /** The port that a service held last, where it holds none now; the lowest of those released together. */
  formerPort(key: ServiceKey): Port | null {
    const released = this.#indexed(serviceKeyOf(key)).filter((allocation) => !isLive(allocation));
    const [former] = released.sort((a, b) => Number(b.releasedAt) - Number(a.releasedAt) || a.port - b.port);
    return former?.port ?? null;
  }

  /** The live allocations of a worktree, by port. */
  heldIn(worktreeId: string): Allocation[] {
    return this.#indexed(worktreeId)
      .filter(isLive)
      .sort((a, b) => a.port - b.port);
  }

  /** Writes an allocation as it is from now on, and the event that says so. */
  record(kind: EventKind, allocation: Allocation, cause: string | null = null): Allocation {
    this.#keepAllocation(allocation);
    this.#changedAllocations.add(allocation.id);
    const occupancy = this.occupancy(allocation.hostName);
    if (allocation.releasedAt) {
      occupancy.release(allocation.port, { owner: allocation.owner, releasedAt: allocation.releasedAt });
    } else {
      occupancy.hold(allocation.port);
    }
    const worktreePath = this.worktree(allocation.worktreeId)?.path ?? null;
    this.#events.push({ kind, occurredAt: this.now, cause, worktreePath, allocation });
    return allocation;
  }

  putWorktree(worktree: Worktree): Worktree {
    this.#keepWorktree(worktree);
    this.#changedWorktrees.add(worktree.id);
    return worktree;
  }

  putCodebase(codebase: Codebase): Codebase {
    this.catalog.put(codebase);
    this.#changedCodebases.add(codebase.id);
    return codebase;
  }

  /** What the decisions changed, each row as it stands now, and the events in their order. */
  changes() {
    const pick = <T>(ids: Set<string>, find: (id: string) => T | undefined) => [...ids].flatMap((id) => find(id) ?? []);
    return {
      codebases: pick(this.#changedCodebases, (id) => this.catalog.get(id)),
      worktrees: pick(this.#changedWorktrees, (id) => this.#worktrees.get(id)),
      allocations: pick(this.#changedAllocations, (id) => this.#allocations.get(id)),
      events: this.#events,
    };
  }

  #keepWorktree(worktree: Worktree): void {
    this.#worktrees.set(worktree.id, worktree);
    this.#worktreeIds.set(keyOf(worktree.hostName, worktree.path), worktree.id);
  }

  #keepAllocation(allocation: Allocation): void {
    this.#allocations.set(allocation.id, allocation);
    for (const key of keysOf(allocation)) {
      this.#index.set(key, (this.#index.get(key) ?? new Set()).add(allocation.id));
    }
  }

  /** The allocations under a key, as they are now, without those that no longer match it. */
  #indexed(key: string): Allocation[] {
    const found: Allocation[] = [];
    for (const id of this.#index.get(key) ?? []) {
      const allocation = this.#allocations.get(id);
      if (allocation && keysOf(allocation).includes(key)) found.push(allocation);
    }
    return found;
  }
}

export type Changes = ReturnType<Ledger['changes']>;

const isLive = ({ releasedAt }: Allocation) => releasedAt === null;

const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts);

const serviceKeyOf = ({ hostName, environment, owner, serviceName }: ServiceKey) =>
  keyOf(hostName, environment, owner, serviceName);

function keysOf(allocation: Allocation): string[] {
  const keys = [keyOf(allocation.hostName, allocation.port), serviceKeyOf(allocation)];
  return allocation.worktreeId === null ? keys : [...keys, allocation.worktreeId];
}
