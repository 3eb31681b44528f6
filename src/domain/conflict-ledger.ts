import {
  type ConflictBook,
  type ConflictChange,
  type Finding,
  isSameCause,
  isSettled,
  refreshed,
} from './conflict-book.ts';
import type { Conflict } from './registry-model.ts';

interface Contents {
  readonly now: Date;
  readonly newId: () => string;
  /** Those that are locked. */
  readonly hosts: ReadonlyMap<string, { readonly conflicts: ConflictBook }>;
}

/** The conflicts of the locked hosts while a batch of decisions is made, and what became of them. */
export class ConflictLedger {
  readonly #contents: Contents;
  readonly #changed = new Map<string, Conflict>();
  readonly #changes: ConflictChange[] = [];

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** Those of a host whose causes last. */
  on(hostName: string): ConflictBook {
    const book = this.#contents.hosts.get(hostName)?.conflicts;
    if (!book) throw new Error(`The conflicts of ${hostName} were not loaded.`);
    return book;
  }

  /** Those of all hosts. */
  all(): Conflict[] {
    return [...this.#contents.hosts.values()].flatMap(({ conflicts }) => conflicts.all());
  }

  /** Opens a conflict, or brings the one with the same cause up to date; one that was dismissed stays as it is. */
  raise(finding: Finding): Conflict {
    const known = this.on(finding.hostName).get(finding.cause);
    if (known?.dismissed && isSameCause(known, finding)) return known;
    if (known && !known.dismissed) {
      const fresh = refreshed(known, finding);
      return fresh === known ? known : this.#put(fresh);
    }
    if (known) this.settle(known);
    const { newId, now } = this.#contents;
    const conflict = { ...finding, id: newId(), detectedAt: now, resolvedAt: null, dismissed: false };
    this.#changes.push({ state: 'open', conflictId: conflict.id });
    return this.#put(conflict);
  }

  /** Resolves a conflict whose cause is gone, or that was settled; what is resolved already stays so. */
  settle(conflict: Conflict): Conflict {
    return this.#resolve(conflict, false);
  }

  /** Resolves a conflict that does not matter, so that it does not open again while its cause lasts. */
  dismiss(conflict: Conflict): Conflict {
    return this.#resolve(conflict, true);
  }

  /** How many have opened and resolved so far. */
  get changeCount(): number {
    return this.#changes.length;
  }

  /** What opened and what resolved after so many changes, each as it stands now. */
  changedSince(changeCount: number): { readonly opened: Conflict[]; readonly resolved: Conflict[] } {
    const since = this.#changes.slice(changeCount);
    const pick = (state: ConflictChange['state']) =>
      since.flatMap((change) => (change.state === state ? (this.#changed.get(change.conflictId) ?? []) : []));
    return { opened: pick('open'), resolved: pick('resolved') };
  }

  /** What changed: each row as it stands now, and what opened and resolved, in this order. */
  changes() {
    return { conflicts: [...this.#changed.values()], conflictChanges: this.#changes };
  }

  #resolve(conflict: Conflict, dismissed: boolean): Conflict {
    // As it is now: the caller's may be from before another decision of this batch.
    const current = this.#changed.get(conflict.id) ?? conflict;
    if (isSettled(current)) return current;
    if (!current.resolvedAt) this.#changes.push({ state: 'resolved', conflictId: current.id });
    return this.#put({ ...current, resolvedAt: current.resolvedAt ?? this.#contents.now, dismissed });
  }

  #put(conflict: Conflict): Conflict {
    this.on(conflict.hostName).put(conflict);
    this.#changed.set(conflict.id, conflict);
    return conflict;
  }
}
