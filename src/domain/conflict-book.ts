import { fingerprint } from './fingerprint.ts';
import type { Conflict, Listener } from './registry-model.ts';

/** What somebody should settle, as it was found just now. */
export type Finding = Omit<Conflict, 'id' | 'detectedAt' | 'resolvedAt' | 'dismissed'>;

/** A conflict that opened or resolved. */
export interface ConflictChange {
  readonly state: 'open' | 'resolved';
  readonly conflictId: string;
}

/**
 * The conflicts of one host whose causes last: those that are open, and the dismissed ones, which
 * must not open again. There is one of a cause at a time.
 */
export class ConflictBook {
  readonly #byCause = new Map<string, Conflict>();
  /** Under an allocation's id, the causes of the conflicts about it, or that once were. */
  readonly #causesAbout = new Map<string, Set<string>>();

  /** Takes a conflict as it is now, in place of what was known of its cause. */
  put(conflict: Conflict): void {
    const { cause, allocationId } = conflict;
    if (isSettled(conflict)) {
      if (this.#byCause.get(cause)?.id !== conflict.id) return;
      this.#byCause.delete(cause);
      if (allocationId !== null) this.#forget(allocationId, cause);
      return;
    }
    this.#byCause.set(cause, conflict);
    if (allocationId === null) return;
    this.#causesAbout.set(allocationId, (this.#causesAbout.get(allocationId) ?? new Set()).add(cause));
  }

  /** Those about an allocation. */
  about(allocationId: string): Conflict[] {
    const found = [...(this.#causesAbout.get(allocationId) ?? [])].flatMap((cause) => this.#byCause.get(cause) ?? []);
    return found.filter((conflict) => conflict.allocationId === allocationId);
  }

  get(cause: string): Conflict | undefined {
    return this.#byCause.get(cause);
  }

  all(): Conflict[] {
    return [...this.#byCause.values()];
  }

  #forget(allocationId: string, cause: string): void {
    const causes = this.#causesAbout.get(allocationId);
    causes?.delete(cause);
    if (causes?.size === 0) this.#causesAbout.delete(allocationId);
  }
}

/** Whether its cause is gone, so that the next one of that cause is a new conflict. */
export const isSettled = ({ resolvedAt, dismissed }: Conflict) => resolvedAt !== null && !dismissed;

/**
 * Whether a dismissed conflict stands for what was found now as well. Another program on the same
 * port is another cause, where both can be seen.
 */
export function isSameCause(dismissed: Conflict, { listener, allocationId }: Finding): boolean {
  if (dismissed.allocationId !== allocationId) return false;
  if (!isIdentified(dismissed.listener) || !isIdentified(listener)) return true;
  return (
    dismissed.listener.processName === listener.processName &&
    dismissed.listener.workingDirectory === listener.workingDirectory
  );
}

const isIdentified = (listener: Listener | null): listener is Listener => listener?.processName != null;

/** An open conflict brought up to what was found now; the same object where nothing differs. */
export function refreshed(conflict: Conflict, finding: Finding): Conflict {
  const now = { ...conflict, ...finding };
  return fingerprint(now) === fingerprint(conflict) ? conflict : now;
}
