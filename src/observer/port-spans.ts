import type { PortSpan } from '../domain/policy.ts';
import { isPort } from '../domain/port.ts';

/** The span from `start` to `end`; undefined where that is none. */
export function portSpan(start: number, end: number): PortSpan | undefined {
  return isPort(start) && isPort(end) && start <= end ? { start, end } : undefined;
}
