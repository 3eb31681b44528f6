import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DetectionFailed } from '../observer/detection-failed.ts';
import { within } from '../observer/within.ts';
import type { Registry } from '../registry/registry.ts';

/** A cleanup comes at least so often, where it is wanted: old history ripens without a scan that tells. */
const cleanupIntervalMs = 3_600_000;

/** Far more than a look takes where nothing hangs. */
const longestStopMs = 2_000;

export interface WatchOptions {
  readonly registry: Pick<Registry, 'scanHost' | 'cleanupPorts' | 'pruneHistory' | 'hostName'>;
  /** From the beginning of one look to that of the next. */
  readonly scanIntervalMs: number;
  readonly autoCleanup: boolean;
  readonly log: Logger;
  /** Told how long each look took. */
  readonly scanned: (seconds: number) => void;
}

/** Looks at the observed host again and again, while it runs. */
export interface HostWatch {
  /** Begins with a look at once. */
  readonly start: () => void;
  /** Why listeners could not be seen at the last look; undefined where they could. */
  readonly blindness: () => string | undefined;
  /** Why what is known of the host is out of date; undefined where scans keep up. */
  readonly lateness: () => string | undefined;
  /** Ends it, once a look that is under way is over; waits for one at most 2 s. */
  readonly stop: () => Promise<void>;
}

/** A look that fails is logged once, until one succeeds again. */
export function createHostWatch(options: WatchOptions): HostWatch {
  const abort = new AbortController();
  const failures = new FailureLog(options.log);
  const punctuality = new Punctuality(options.scanIntervalMs);
  let running: Promise<void> | undefined;
  return {
    start() {
      if (running) return;
      punctuality.finished();
      running = watch(options, { failures, punctuality }, abort.signal);
    },
    blindness: () => failures.blindness,
    lateness: () => punctuality.lateness(),
    async stop() {
      abort.abort();
      if (running) await within(running, longestStopMs, undefined);
    },
  };
}

interface Told {
  readonly failures: FailureLog;
  readonly punctuality: Punctuality;
}

async function watch(options: WatchOptions, { failures, punctuality }: Told, signal: AbortSignal): Promise<void> {
  const { registry, scanIntervalMs, autoCleanup, scanned, log } = options;
  let cleanedAt = Number.NEGATIVE_INFINITY;
  /** What the last cleanup was for: it takes what it can, and what it keeps is no reason for another one. */
  let cleaned: ReadonlySet<string> = new Set();
  /** What the last cleanup left of the old history. */
  let pruning: AsyncIterator<number> | undefined;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      const { ripe, opened, resolved } = await registry.scanHost(); // one look after the other
      for (const { kind, port, message } of opened) log.warn({ kind, port }, `conflict: ${message}`);
      for (const { kind, port, message } of resolved) log.info({ kind, port }, `conflict resolved: ${message}`);
      scanned((performance.now() - startedAt) / 1_000);
      failures.seen();
      punctuality.finished();
      const isRipe = [...ripe].some((id) => !cleaned.has(id));
      if (autoCleanup && !signal.aborted && (isRipe || startedAt - cleanedAt >= cleanupIntervalMs)) {
        await cleanUp(options);
        cleanedAt = startedAt;
        cleaned = ripe;
        pruning = registry.pruneHistory();
      }
      if (pruning && !(await pruneUntil(startedAt + scanIntervalMs, pruning, { log, signal }))) pruning = undefined;
      failures.over();
    } catch (error) {
      failures.add(error);
      if (error instanceof DetectionFailed) punctuality.finished(); // blind, which is said as such
    }
    const rest = Math.max(0, scanIntervalMs - (performance.now() - startedAt));
    await delay(rest, undefined, { signal, ref: false }).catch(() => {}); // the loop sees the abort
  }
}

async function cleanUp({ registry, log }: WatchOptions): Promise<void> {
  const { released, historyPruned } = await registry.cleanupPorts({ host: registry.hostName, dryRun: false });
  for (const { allocation, reason, explanation } of released) {
    if (reason === 'RELEASED_HISTORY') continue;
    log.info({ port: allocation.port, reason }, `cleanup: port ${allocation.port} is released. ${explanation}`);
  }
  logPruned(log, historyPruned);
}

function logPruned(log: Logger, historyPruned: number): void {
  if (historyPruned > 0) log.info({ historyPruned }, `cleanup: ${historyPruned} old allocations are deleted`);
}

/**
 * Deletes old history, at least a part of it, until the next look is due; between the parts it leaves the database
 * to the requests for as long as a part takes. Answers whether there may be more.
 */
async function pruneUntil(
  dueAt: number,
  pruning: AsyncIterator<number>,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<boolean> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    const { done, value } = await pruning.next(); // one part after the other
    if (done) return false;
    logPruned(log, value);
    const now = performance.now();
    const pauseMs = now - startedAt;
    if (now + pauseMs >= dueAt) return true;
    await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {}); // the loop sees the abort
  }
  return true;
}

/** A scan that takes longer hangs. */
const longestScanMs = 10_000;

/** Whether scans finish as often as they should, measured by the clock that nobody sets. */
class Punctuality {
  readonly #mostMs: number;
  #finishedAt: number | undefined;

  /** Three intervals, and at least 10 s, may pass without a scan that finishes. */
  constructor(scanIntervalMs: number) {
    this.#mostMs = Math.max(3 * scanIntervalMs, longestScanMs);
  }

  finished(): void {
    this.#finishedAt = performance.now();
  }

  lateness(): string | undefined {
    if (this.#finishedAt === undefined) return undefined;
    const passedMs = performance.now() - this.#finishedAt;
    if (passedMs <= this.#mostMs) return undefined;
    return `No scan of this host has finished for ${Math.round(passedMs / 1_000)} seconds, so that liveness and conflicts are out of date: the server's log may say why; see whether a disk or mount of the host hangs.`;
  }
}

/** Says what goes wrong once, not at each look. */
class FailureLog {
  readonly #log: Logger;
  #last: string | undefined;
  blindness: string | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(error: unknown): void {
    const isBlind = error instanceof DetectionFailed;
    if (isBlind) this.blindness = error.message;
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#last) return;
    this.#last = reason;
    const consequence = isBlind
      ? 'the listeners of this host cannot be seen: what is allocated stays as it is, and its liveness is unknown'
      : 'the host could not be looked at; trying again';
    this.#log.error({ err: error }, consequence);
  }

  /** The host was looked at, whatever else fails. */
  seen(): void {
    this.blindness = undefined;
  }

  over(): void {
    if (this.#last !== undefined) this.#log.info('the host can be looked at again');
    this.#last = undefined;
  }
}
