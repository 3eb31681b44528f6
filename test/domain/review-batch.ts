import type { Surroundings } from '../../src/domain/choose.ts';
import type { Finding } from '../../src/domain/conflict-book.ts';
import type { Conflict } from '../../src/domain/registry-model.ts';
import { reviewChanges } from '../../src/domain/review.ts';
import { fromNoon, noon, quay, type Scene, seed } from './seed.ts';

/** A conflict that was found before, and is open unless told otherwise. */
export const known = (finding: Finding, facts: Partial<Conflict> = {}): Conflict => ({
  ...finding,
  id: finding.cause,
  detectedAt: noon,
  resolvedAt: null,
  dismissed: false,
  ...facts,
});

/** What opens and resolves by what is done in a batch. */
export function review(scene: Scene, act: (surroundings: Surroundings) => void) {
  const surroundings = seed({ now: fromNoon(1), ...scene });
  const { ledger, policy } = surroundings;
  act(surroundings);
  reviewChanges(ledger, policy, quay);
  const { opened, resolved } = ledger.conflicts.changedSince(0);
  const { conflicts } = ledger.changes();
  const told = ({ kind, port }: Conflict) => (port === null ? kind : `${kind} ${port}`);
  const lasting = ledger.conflicts.on(quay).all();
  return { opened: opened.map(told), resolved: resolved.map(told), conflicts, after: { ...scene, conflicts: lasting } };
}
