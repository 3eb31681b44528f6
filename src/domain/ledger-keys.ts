import type { ServiceKey } from './ledger.ts';
import type { Allocation } from './registry-model.ts';

/** Several texts and numbers as one text, without mixing them up. */
export const keyOf = (...parts: readonly unknown[]) => JSON.stringify(parts);

export const serviceKeyOf = ({ hostName, environment, owner, serviceName }: ServiceKey) =>
  keyOf(hostName, environment, owner, serviceName);

/** Under what an allocation is looked for: its port, its service, and its worktree. */
export function keysOf(allocation: Allocation): string[] {
  const keys = [keyOf(allocation.hostName, allocation.port), serviceKeyOf(allocation)];
  return allocation.worktreeId === null ? keys : [...keys, allocation.worktreeId];
}
