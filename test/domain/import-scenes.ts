import { decideImport } from '../../src/domain/import.ts';
import type { ImportedClaim, ImportRow } from '../../src/domain/import-report.ts';
import { nobody } from '../../src/domain/owner.ts';
import { asPort } from '../../src/domain/port.ts';
import { fromNoon, quay, type Scene, seed } from './seed.ts';

/** A row of nobody's that says a port and a service. */
export const claim = (port: number, facts: Partial<ImportedClaim> = {}): ImportRow => ({
  line: port,
  kind: 'claim',
  claim: {
    hostName: quay,
    port: asPort(port),
    serviceName: 'web',
    environment: null,
    owner: nobody,
    canLackCodebase: false,
    description: null,
    metadata: null,
    publicHostnames: [],
    kept: null,
    ...facts,
  },
});

export const day = 86_400_000;
export const kept = {
  id: 'a1',
  status: 'active' as const,
  allocatedAt: fromNoon(-day),
  releasedAt: null,
  lastCheckedAt: fromNoon(-10),
  lastActiveAt: fromNoon(-20),
  processId: 42,
};
export const released = { ...kept, id: 'a2', status: 'released' as const, releasedAt: fromNoon(-day / 2) };

/** The report of an import into a scene, and what it changed. */
export function imported(scene: Scene, ...rows: readonly ImportRow[]) {
  const surroundings = seed(scene);
  const report = decideImport({ rows, environment: null }, surroundings);
  return { ...report, changes: surroundings.ledger.changes(), outcomes: report.rows.map(({ outcome }) => outcome) };
}
