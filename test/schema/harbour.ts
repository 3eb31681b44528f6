import type { SeenListener } from '../../src/domain/observation.ts';
import type { RegistryOptions } from '../../src/registry/registry.ts';
import type { Database } from '../../src/storage/database.ts';
import { openRegistry, seeing, stoppedClock } from '../support/registry.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** A server whose host a test looks after: what listens there, and what time it is. */
export interface Harbour extends TestServer {
  /** What listens, as the next look finds it; a test may add to it and take from it. */
  readonly listeners: SeenListener[];
  readonly clock: ReturnType<typeof stoppedClock>;
  /** What the graph answers; fails where it answers an error. */
  ask<Data = Readonly<Record<string, unknown>>>(query: string, variables?: Record<string, unknown>): Promise<Data>;
}

/** Serves a registry that sees `listeners`; `overrides` says what else differs. */
export async function openHarbour(database: Database, overrides: Partial<RegistryOptions> = {}): Promise<Harbour> {
  const listeners: SeenListener[] = [];
  const clock = stoppedClock();
  const registry = openRegistry(database, {
    clock: clock.now,
    observer: seeing(listeners),
    probePort: async (port) => (listeners.some((each) => each.port === port) ? 'listening' : 'free'),
    ...overrides,
  });
  const server = await startServer({ database, registry });
  return {
    ...server,
    listeners,
    clock,
    async ask(query, variables) {
      const { data, errors } = await server.post<never>(query, variables);
      if (errors) throw new Error(`The graph answered an error: ${JSON.stringify(errors)}`);
      return data;
    },
  };
}
