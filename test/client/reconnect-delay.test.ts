import { expect, it } from 'vitest';
import { reconnectDelay } from '../../src/client/reconnect-delay.ts';

it.each([
  [1, 50, 100],
  [2, 100, 200],
  [5, 800, 1_600],
  [8, 5_000, 10_000],
  [1_000, 5_000, 10_000],
])('waits after %i failures from %i to %i ms', (failures, shortest, longest) => {
  expect(reconnectDelay(failures, () => 0)).toBe(shortest);
  expect(reconnectDelay(failures, () => 1)).toBe(longest);
});
