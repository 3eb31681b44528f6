import type { Allocation, Liveness } from './registry-model.ts';

/** When a host was last looked at, and how long ago that may be for what was seen to hold. */
export interface Look {
  /** Null where nobody ever looked, or could not the last time. */
  readonly scannedAt: Date | null;
  readonly now: Date;
  readonly scanIntervalMs: number;
}

/** One look may fail and one be late before what was seen is doubted. */
const intervalsAwaited = 3;
/** What the last of them may take. */
const graceMs = 10_000;

/** What can be said now of who listens for an allocation: nothing for history, nor where nobody looks at its host any more. */
export function toldLiveness({ status, liveness }: Pick<Allocation, 'status' | 'liveness'>, look: Look): Liveness {
  return status === 'released' || !isCurrent(look) ? 'unknown' : liveness;
}

function isCurrent({ scannedAt, now, scanIntervalMs }: Look): boolean {
  return scannedAt !== null && scannedAt >= currentSince(now, scanIntervalMs);
}

/** When a host must have been looked at last for what was seen to hold. */
export function currentSince(now: Date, scanIntervalMs: number): Date {
  return new Date(now.getTime() - intervalsAwaited * scanIntervalMs - graceMs);
}

/** Whether something may listen on the port of an allocation that is live, as far as is known. */
export function mayListen({ status, liveness }: Pick<Allocation, 'status' | 'liveness'>): boolean {
  return status === 'active' || liveness === 'live' || liveness === 'squatted';
}
