import type { Catalog } from './catalog.ts';
import type { ConflictBook } from './conflict-book.ts';
import { ConflictLedger } from './conflict-ledger.ts';
import type { Observation, Pruning } from './ledger-changes.ts';
import { keyOf, keysOf, serviceKeyOf } from './ledger-keys.ts';
import type { HostTimes } from './observed-time.ts';
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
  /** The hosts that are locked. */
  readonly hosts: ReadonlyMap<string, HostState>;
  readonly worktrees: readonly Worktree[];
  /** The holders of the ports asked about, the worktrees' allocations, and each service's live and last released ones. */
  readonly allocations: readonly Allocation[];
}

/** What is known of a host as a whole. */
export interface HostState extends HostTimes {
  readonly occupancy: Occupancy;
  /** The conflicts whose causes last. */
  readonly conflicts: ConflictBook;
}

/**
 * The part of the registry that a batch of decisions is about, held in memory while they are made
 * one after the other: each sees what the ones before it changed. What changed is written at the end.
 */
export class Ledger {
  readonly now: Date;
  readonly catalog: Catalog;
  readonly conflicts: ConflictLedger;
  readonly #newId: () => string;
  readonly #hosts: ReadonlyMap<string, HostState>;
  readonly #worktrees = new Map<string, Worktree>();
  readonly #worktreeIds = new Map<string, string>();
  readonly #allocations = new Map<string, Allocation>();
  /** Under each key, the allocations that match it or once did. */
  readonly #index = new Map<string, Set<string>>();
  readonly #changedAllocations = new Set<string>();
  readonly #changedWorktrees = new Set<string>();
  readonly #changedCodebases = new Set<string>();
  readonly #events: AllocationChange[] = [];
  readonly #observations: Observation[] = [];
  readonly #prunings: Pruning[] = [];

  constructor(contents: LedgerContents) {
    this.now = contents.now;
    this.catalog = contents.catalog;
    this.#newId = contents.newId;
    this.#hosts = contents.hosts;
    this.conflicts = new ConflictLedger(contents);
    for (const worktree of contents.worktrees) this.#keepWorktree(worktree);
    for (const allocation of contents.allocations) this.#keepAllocation(allocation);
  }

  newId(): string {
    return this.#newId();
  }

  occupancy(hostName: string): Occupancy {
    return this.#host(hostName).occupancy;
  }

  /** When a host's observer last looked at its listeners. */
  scannedAt(hostName: string): Date | null {
    return this.#host(hostName).scannedAt;
  }

  /** A host's observed time, up to a scan that is being decided on; null where it was never scanned. */
  observedTime(hostName: string): Date | null {
    const scan = this.#observations.findLast((each) => each.hostName === hostName);
    return scan ? scan.observedTime : this.#host(hostName).observedTime;
  }

  /** When and for how long a host was scanned. */
  timesOf(hostName: string): HostTimes {
    return this.#host(hostName);
  }

  /** The worktree at a path, registered or removed. */
  worktreeAt(hostName: string, path: string): Worktree | undefined {
    return this.worktree(this.#worktreeIds.get(keyOf(hostName, path)) ?? null);
  }

  worktree(id: string | null): Worktree | undefined {
    return id === null ? undefined : this.#worktrees.get(id);
  }

  /** An allocation that was loaded or made, live or not. */
  allocation(id: string): Allocation | undefined {
    return this.#allocations.get(id);
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

  /** The live allocations that were loaded or made; of a host that was loaded whole, all of them. */
  live(): Allocation[] {
    return [...this.#allocations.values()].filter(isLive);
  }

  /** The live allocations of a host that was loaded whole, by port. */
  liveOn(hostName: string): Allocation[] {
    const live = this.live().filter((each) => each.hostName === hostName);
    return live.sort((a, b) => a.port - b.port);
  }

  /** The registered worktrees of a host that was loaded whole, by path. */
  worktreesOn(hostName: string): Worktree[] {
    const here = [...this.#worktrees.values()].filter((each) => each.hostName === hostName && !each.removedAt);
    return here.sort((a, b) => (a.path < b.path ? -1 : 1));
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

  /** Writes what was seen of an allocation, which is no change to the claim and no event. */
  observe(allocation: Allocation): Allocation {
    this.#keepAllocation(allocation);
    this.#changedAllocations.add(allocation.id);
    return allocation;
  }

  /** Writes what listened on a host at this moment. */
  observed(observation: Observation): void {
    this.#observations.push(observation);
  }

  /** The released allocations that were loaded as old history, the oldest first. */
  releasedBefore(moment: Date): Allocation[] {
    const old = [...this.#allocations.values()].filter(({ releasedAt }) => releasedAt && releasedAt < moment);
    return old.sort((a, b) => Number(a.releasedAt) - Number(b.releasedAt) || (a.id < b.id ? -1 : 1));
  }

  /** Deletes old history: these released allocations, and events and resolved conflicts before the moment, a part at a time. */
  prune(pruning: Pruning): void {
    this.#prunings.push(pruning);
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
      ...this.conflicts.changes(),
      events: this.#events,
      observations: this.#observations,
      prunings: this.#prunings,
    };
  }

  #host(hostName: string): HostState {
    const host = this.#hosts.get(hostName);
    if (!host) throw new Error(`The host ${hostName} was not loaded.`);
    return host;
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
