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

  /** Takes a conflict as it is now, in place of what was known of its cause. */
  put(conflict: Conflict): void {
    if (isSettled(conflict)) {
      if (this.#byCause.get(conflict.cause)?.id === conflict.id) this.#byCause.delete(conflict.cause);
    } else {
      this.#byCause.set(conflict.cause, conflict);
    }
  }

  get(cause: string): Conflict | undefined {
    return this.#byCause.get(cause);
  }

  all(): Conflict[] {
    return [...this.#byCause.values()];
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
