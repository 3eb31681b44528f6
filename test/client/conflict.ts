import type { Conflict } from '../../src/client/client.ts';

/** A conflict of which only the id and the state matter. */
export const aConflict = (id: string, state: Conflict['state']): Conflict => ({
  id,
  kind: 'RANGE_OVERLAP',
  state,
  message: 'The ranges overlap.',
  actions: state === 'OPEN' ? ['DISMISS'] : [],
  port: null,
  environment: null,
  host: { name: 'quay' },
  allocation: null,
  listener: null,
  worktree: null,
  detectedAt: '2026-11-22T12:00:00.000Z',
  resolvedAt: state === 'OPEN' ? null : '2026-11-22T12:00:00.000Z',
});
