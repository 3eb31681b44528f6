/** What is known of when a host was scanned. */
export interface HostTimes {
  /** When its observer's last scan began; null where it never scanned, or could not the last time. */
  readonly scannedAt: Date | null;
  /**
   * Its observed time: a clock that moves on with its scans alone, so that it stands still while nobody scans, and
   * no change of the machine's clock moves it. It started at the time of the first scan. Null before that.
   */
  readonly observedTime: Date | null;
  /**
   * The date that history goes by: the clock's, as far as scans confirm it; see `historyTimeAt`. Of a host that was
   * never scanned, the latest one of the other hosts; null where none has any.
   */
  readonly historyTime: Date | null;
}

export const neverScanned: HostTimes = { scannedAt: null, observedTime: null, historyTime: null };

/** When a scan began, by both clocks. */
export interface ScanStart {
  readonly lookedAt: Date;
  /** How long before it this observer's last scan began, by its monotonic clock; 0 where that failed, or there was none. */
  readonly elapsedMs: number;
  readonly scanIntervalMs: number;
}

/**
 * A host's observed time at a scan: it moves on by the time since the last scan, as far as both clocks agree on that,
 * and at most by one scan interval, so that neither a jump of the clock nor a gap between scans counts as time in which
 * anything was seen.
 */
export function observedTimeAt(
  { lookedAt, elapsedMs, scanIntervalMs }: ScanStart,
  { scannedAt, observedTime }: HostTimes,
): Date {
  if (!observedTime) return lookedAt;
  const byClockMs = scannedAt ? lookedAt.getTime() - scannedAt.getTime() : 0;
  const observedMs = Math.max(0, Math.min(byClockMs, elapsedMs, scanIntervalMs));
  return new Date(observedTime.getTime() + observedMs);
}

/** How much faster than observed time a host's history time follows a clock that is ahead of it. */
const catchUpFactor = 8;

/** A date before this is that of a clock that nobody had set yet. */
const earliestDate = new Date('2026-01-01T00:00:00Z');

/**
 * A host's history time at a scan: it follows the clock, by at most eight times the time that was observed since the
 * last scan. So gaps between scans are made up for, where a host is scanned three hours a day or more; and where the
 * clock jumps ahead, nothing grows old before an eighth of its age was observed. It begins with the first scan's date,
 * and anew where that was of a clock that was not set.
 */
export function historyTimeAt(start: ScanStart, times: HostTimes): Date {
  const { observedTime, historyTime } = times;
  if (!historyTime || historyTime < earliestDate) return start.lookedAt;
  const observedMs = observedTime ? observedTimeAt(start, times).getTime() - observedTime.getTime() : 0;
  const followed = Math.min(start.lookedAt.getTime(), historyTime.getTime() + catchUpFactor * observedMs);
  return new Date(Math.max(historyTime.getTime(), followed));
}

/** The moment before which history is old: by the clock, and by history time where that is behind it. */
export function historyLimit(now: Date, historyTime: Date | null, historyMs: number): Date {
  return new Date(Math.min(now.getTime(), historyTime?.getTime() ?? now.getTime()) - historyMs);
}

/** By how much the clocks of two instances may differ. */
const clockDifferenceMs = 60_000;

/** Whether a row was written after a scan began. One dated later than now was written before, by a clock that was set back since. */
export function isSince(writtenAt: Date, lookedAt: Date, now: Date): boolean {
  return writtenAt > lookedAt && writtenAt.getTime() <= now.getTime() + clockDifferenceMs;
}
