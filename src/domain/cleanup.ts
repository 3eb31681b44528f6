import type { Surroundings } from './choose.ts';
import { type Decision, decided } from './decision.ts';
import type { Ledger } from './ledger.ts';
import { idleMs, isStale, lastUse } from './liveness.ts';
import { isSince } from './observed-time.ts';
import type { Policy } from './policy.ts';
import type { Allocation, Worktree } from './registry-model.ts';
import { release } from './release.ts';
import { type PathSight, presenceOf } from './worktree-paths.ts';

/** The first three are of what is released or deleted, the others of what is kept. */
export type CleanupReason =
  | 'ORPHANED_WORKTREE'
  | 'INACTIVE'
  | 'RELEASED_HISTORY'
  | 'STILL_LISTENING'
  | 'PRODUCTION'
  | 'RECENTLY_SEEN'
  | 'NOT_VISIBLE_FROM_HERE'
  | 'HAS_PUBLIC_HOSTNAME';

/** What becomes of an allocation, and why. */
export interface CleanupItem {
  readonly allocation: Allocation;
  readonly reason: CleanupReason;
  readonly explanation: string;
}

export interface CleanupReport {
  readonly released: readonly CleanupItem[];
  readonly kept: readonly CleanupItem[];
  /** How many allocations that were released long ago are deleted. */
  readonly historyPruned: number;
}

export interface CleanupRequest {
  /** The hosts whose allocations are looked through; all of them were loaded whole. */
  readonly hostNames: readonly string[];
  /** The one whose old history goes; null: that of all. */
  readonly historyOf: string | null;
  /** Before when it is old; see `historyLimit`. */
  readonly historyBefore: Date;
  /** The one whose ports and paths can be seen from here. */
  readonly observedHost: string;
  /** Of the observed host's worktrees, as they were when they were looked at. */
  readonly paths: ReadonlyMap<string, PathSight>;
  /** When that was. What was claimed since then stays. */
  readonly lookedAt: Date;
}

type Verdict = Omit<CleanupItem, 'allocation'> & { readonly isReleased: boolean };

/**
 * Releases what is certainly no longer used, and says of everything else why it stays. It never
 * releases production, what something listens on, what public hostnames point at, or what cannot be seen
 * from here, nor anything on fewer consecutive misses than the policy asks for.
 */
export function decideCleanup(request: CleanupRequest, surroundings: Surroundings): Decision<CleanupReport> {
  const { ledger, policy, probed } = surroundings;
  const { observedHost } = request;
  const verdicts = request.hostNames.flatMap((hostName) =>
    ledger.liveOn(hostName).map((held) => [held, judge(held, request, surroundings)] as const),
  );
  const unprobed = verdicts.flatMap(([{ port }, { isReleased }]) =>
    isReleased && probed(observedHost, port) === undefined ? [port] : [],
  );
  if (unprobed.length > 0) return { unprobed };

  const released: CleanupItem[] = [];
  const kept: CleanupItem[] = [];
  for (const [held, { isReleased, ...verdict }] of verdicts) {
    if (isReleased) released.push({ ...verdict, allocation: release(held, ledger, `cleanup: ${verdict.explanation}`) });
    else kept.push({ ...verdict, allocation: held });
  }
  removeOrphans(request, ledger, policy);
  const history = pruneHistory({ before: request.historyBefore, historyOf: request.historyOf }, ledger);
  return decided({ released: [...released, ...history], kept, historyPruned: history.length });
}

function judge(held: Allocation, request: CleanupRequest, { ledger, policy, probed }: Surroundings): Verdict {
  const keep = (reason: CleanupReason, explanation: string): Verdict => ({ isReleased: false, reason, explanation });
  const { port, hostName, environment, publicHostnames } = held;
  if (environment === 'production') return keep('PRODUCTION', 'Production is never cleaned up: release it by hand.');
  if (hostName !== request.observedHost) {
    return keep('NOT_VISIBLE_FROM_HERE', `Only the observer of ${hostName} can tell whether it is still used.`);
  }
  const worktree = ledger.worktree(held.worktreeId);
  const presence = worktree && presenceIn(request, worktree, ledger);
  if (worktree && presence === 'not visible') {
    return keep(
      'NOT_VISIBLE_FROM_HERE',
      `Its worktree ${worktree.path} cannot be seen from here: it may be on a volume, or in a container, that is not mounted. Remove it by hand (removeWorktree) if it is gone for good.`,
    );
  }
  if (publicHostnames.length > 0) {
    return keep(
      'HAS_PUBLIC_HOSTNAME',
      `It is public as ${publicHostnames.join(', ')}: release it by hand, with force.`,
    );
  }
  if (isSince(held.allocatedAt, request.lookedAt, ledger.now)) return recentlySeen(held, ledger, policy);
  const isGone = presence === 'gone';
  if (!isGone && !isStale(held, ledger, policy.cleanup)) return recentlySeen(held, ledger, policy);
  const isListenedOn = probed(hostName, port) === 'listening';
  // A probe cannot tell of every port: one that needs privileges, for one, which the look has seen all the same.
  if (isListenedOn || held.liveness !== 'idle') {
    const mayBeSilent = !isListenedOn && held.liveness === 'unknown';
    const explanation = mayBeSilent
      ? `Its owner may listen on port ${port}: no look has told otherwise yet, or could tell.`
      : `Something listens on port ${port}: stop it first.`;
    return keep('STILL_LISTENING', explanation);
  }
  return isGone ? orphaned(worktree as Worktree, policy) : inactive(held, ledger, policy);
}

function orphaned({ path, missingSince, misses }: Worktree, { cleanup }: Policy): Verdict {
  const since = missingSince ? ` since ${missingSince.toISOString()}` : '';
  if (misses >= cleanup.misses) {
    const explanation = `Its worktree ${path} is gone from disk${since}.`;
    return { isReleased: true, reason: 'ORPHANED_WORKTREE', explanation };
  }
  const explanation = `Its worktree ${path} is gone from disk${since}, in ${misses} of the ${cleanup.misses} scans in a row that a cleanup waits for.`;
  return { isReleased: false, reason: 'RECENTLY_SEEN', explanation };
}

function inactive(held: Allocation, ledger: Ledger, { cleanup }: Policy): Verdict {
  const since = lastUse(held, ledger).toISOString();
  if (held.misses >= cleanup.misses) {
    const explanation = `It was not seen active since ${since}.`;
    return { isReleased: true, reason: 'INACTIVE', explanation };
  }
  const explanation = `It was not seen active since ${since}, but only ${held.misses} of the ${cleanup.misses} scans in a row that a cleanup waits for have found it so.`;
  return { isReleased: false, reason: 'RECENTLY_SEEN', explanation };
}

function recentlySeen(held: Allocation, ledger: Ledger, { cleanup }: Policy): Verdict {
  if (held.liveness === 'live' || held.liveness === 'squatted') {
    return { isReleased: false, reason: 'STILL_LISTENING', explanation: `Something listens on port ${held.port}.` };
  }
  const since = lastUse(held, ledger).toISOString();
  return {
    isReleased: false,
    reason: 'RECENTLY_SEEN',
    explanation: `It was last used, or allocated, at ${since}, and scans have seen it idle for ${days(idleMs(held, ledger))} of the ${days(cleanup.inactiveMs)} days that a cleanup waits for.`,
  };
}

/** As a number of days, rounded down to a tenth. */
const days = (ms: number) => Math.floor(ms / 8_640_000) / 10;

function presenceIn({ paths, lookedAt }: CleanupRequest, worktree: Worktree, { now }: Ledger) {
  const sight = isSince(worktree.registeredAt, lookedAt, now) ? undefined : paths.get(worktree.path);
  return sight ? presenceOf(worktree, sight) : 'there'; // registered since the look
}

/** A worktree that is gone, and holds nothing any more, is no longer registered. */
function removeOrphans(request: CleanupRequest, ledger: Ledger, { cleanup }: Policy): void {
  if (!request.hostNames.includes(request.observedHost)) return;
  for (const worktree of ledger.worktreesOn(request.observedHost)) {
    const isOrphan = worktree.misses >= cleanup.misses && presenceIn(request, worktree, ledger) === 'gone';
    if (isOrphan && ledger.heldIn(worktree.id).length === 0) ledger.putWorktree({ ...worktree, removedAt: ledger.now });
  }
}

/** What of the history goes next. */
export interface PruningRequest {
  readonly before: Date;
  /** The host whose released allocations go; null: those of all. */
  readonly historyOf: string | null;
}

/** Deletes one part of the old history and answers which allocations that are. */
export function pruneHistory({ before, historyOf }: PruningRequest, ledger: Ledger): CleanupItem[] {
  const old = ledger.releasedBefore(before).filter(({ hostName }) => historyOf === null || hostName === historyOf);
  ledger.prune({ before, allocationIds: old.map(({ id }) => id) });
  return old.map((allocation) => ({
    allocation,
    reason: 'RELEASED_HISTORY',
    explanation: `It was released at ${allocation.releasedAt?.toISOString()}, which is longer ago than history is kept.`,
  }));
}
