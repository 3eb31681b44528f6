import type { Conflict } from './conflicts.ts';
import { ConflictState } from './gql/graphql.ts';

/**
 * What a caller was told of conflicts over however many subscriptions, each of which begins with those that are
 * open. A conflict opens once and resolves once, so its id and state say whether it was told.
 */
export class ToldConflicts {
  /** Told as open, and not as resolved yet. */
  readonly #open = new Map<string, Conflict>();
  /** Those of them that the present subscription has not told of. */
  readonly #unconfirmed = new Set<string>();
  /** Told as resolved before the present subscription said so, which may still begin with them. */
  readonly #settled = new Set<string>();

  /** The ids that were told as open and of which it is not known whether they still are. */
  get unconfirmed(): readonly string[] {
    return [...this.#unconfirmed];
  }

  /** Another subscription begins: nothing is known of what happened before it. */
  beginAnew(): void {
    this.#settled.clear();
    for (const id of this.#open.keys()) this.#unconfirmed.add(id);
  }

  /** Takes what the present subscription says; whether that is news. */
  accept(conflict: Conflict): boolean {
    const { id, state } = conflict;
    this.#unconfirmed.delete(id);
    if (state === ConflictState.RESOLVED) return this.#open.delete(id);
    if (this.#open.has(id) || this.#settled.has(id)) return false;
    this.#open.set(id, conflict);
    return true;
  }

  /**
   * Takes what the registry answers when it is asked for one that is unconfirmed: undefined where it knows it no
   * longer. Answers it as resolved, where that is news.
   */
  settle(id: string, found: Conflict | undefined): Conflict | undefined {
    const told = this.#open.get(id);
    if (!told || found?.state === ConflictState.OPEN || !this.#unconfirmed.delete(id)) return undefined;
    this.#open.delete(id);
    this.#settled.add(id);
    return found ?? { ...told, state: ConflictState.RESOLVED, actions: [] };
  }
}
