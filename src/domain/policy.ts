import { firstUnprivilegedPort, type Port } from './port.ts';

/** What a port is for. Each has a range of its own. */
export const environments = ['dev', 'test', 'production'] as const;
export type Environment = (typeof environments)[number];

/** The ports from `start` to `end`, both included. */
export interface PortSpan {
  readonly start: Port;
  readonly end: Port;
}

export const strategies = ['sequential', 'random'] as const;
/** Which of the free ports is taken: the lowest, or any. */
type Strategy = (typeof strategies)[number];

/** The rules of the house, as configured. */
export interface Policy {
  readonly ranges: Readonly<Record<Environment, PortSpan>>;
  /** Never allocated automatically. */
  readonly reserved: ReadonlySet<number>;
  readonly strategy: Strategy;
  /** How long a released port is kept from everybody but its former owner. */
  readonly quarantineMs: number;
  /** The share of a range, 0 to 1, from which on it is nearly exhausted. */
  readonly utilizationAlert: number;
  readonly cleanup: CleanupPolicy;
}

/** What a cleanup may take away. */
export interface CleanupPolicy {
  /** How many scans in a row must agree. */
  readonly misses: number;
  /** Development and test allocations that were not seen active for so long are stale. */
  readonly inactiveMs: number;
  /** How long released allocations, events and resolved conflicts are kept. */
  readonly historyMs: number;
}

/** Why a port cannot be had right now. */
export const unavailableReasons = [
  'ALLOCATED',
  'RESERVED',
  'LISTENING',
  'QUARANTINED',
  'CONFIGURED_ELSEWHERE',
  'OUT_OF_RANGE',
  'PRIVILEGED',
] as const;
export type UnavailableReason = (typeof unavailableReasons)[number];

export function isWithin(port: number, { start, end }: PortSpan): boolean {
  return port >= start && port <= end;
}

export function sizeOf({ start, end }: PortSpan): number {
  return end - start + 1;
}

/** The environment whose range the port lies in, if any. */
export function environmentOf(port: number, { ranges }: Policy): Environment | undefined {
  return environments.find((environment) => isWithin(port, ranges[environment]));
}

export function isPrivileged(port: number): boolean {
  return port < firstUnprivilegedPort;
}
