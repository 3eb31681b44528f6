import { randomUUID } from 'node:crypto';
import type { CodebaseRegistration } from '../domain/codebases.ts';
import type { Policy } from '../domain/policy.ts';
import type { Allocation, Liveness } from '../domain/registry-model.ts';
import { toldLiveness } from '../domain/told-liveness.ts';
import { createGitLister } from '../observer/list-git-worktrees.ts';
import type { Observer } from '../observer/observer.ts';
import type { PathResolver } from '../observer/paths/path-resolver.ts';
import { type ProbePort, Prober } from '../observer/prober.ts';
import type { Database } from '../storage/database.ts';
import { allocatePort, allocatePorts } from './allocate-ports.ts';
import { backfillWorktrees } from './backfill-worktrees.ts';
import { checkPort, recommendPort } from './check-port.ts';
import { cleanupPorts } from './cleanup-ports.ts';
import type { RegistryContext } from './context.ts';
import { createIdentifyListeners } from './identify-listeners.ts';
import { importRegistry } from './import-registry.ts';
import { listListeners } from './list-listeners.ts';
import { createListenedElsewhere } from './listened-elsewhere.ts';
import { canonicalPath } from './owner-paths.ts';
import { pruneHistory } from './prune-history.ts';
import { readRangeUsage } from './range-usage.ts';
import { registerCodebase } from './register-codebase.ts';
import { registerPort } from './register-port.ts';
import { registerWorktree } from './register-worktree.ts';
import { releasePort } from './release-port.ts';
import { removeWorktree } from './remove-worktree.ts';
import { resolveConflict } from './resolve-conflict.ts';
import { coalesced, scanHost, timed } from './scan-host.ts';
import { transferPorts } from './transfer-ports.ts';
import { type RegistryMonitor, Writer } from './writer.ts';

export type { RegistryMonitor };

export interface RegistryOptions {
  readonly database: Database;
  readonly policy: Policy;
  /** The host that this instance observes. */
  readonly hostName: string;
  readonly probePort: ProbePort;
  readonly observer: Observer;
  /** Closed by its creator. */
  readonly paths: PathResolver;
  /** From one look at the host to the next; 15 s where it is left out. */
  readonly scanIntervalMs?: number;
  readonly clock?: () => Date;
  /** Milliseconds that no change of the clock moves. Default: `performance.now`. */
  readonly monotonic?: () => number;
  readonly random?: () => number;
  readonly monitor?: RegistryMonitor;
}

/** Takes a verb's context away, so that callers see only its input. */
type Bound<Verb> = Verb extends (context: RegistryContext, input: infer Input) => infer Outcome
  ? (input: Input) => Outcome
  : never;

/** The use cases. Refusals are answers; what is thrown is a fault, or a database that does not answer. */
export interface Registry {
  readonly hostName: string;
  readonly policy: Policy;
  readonly allocatePort: Bound<typeof allocatePort>;
  readonly allocatePorts: Bound<typeof allocatePorts>;
  readonly releasePort: Bound<typeof releasePort>;
  readonly registerPort: Bound<typeof registerPort>;
  readonly registerCodebase: (registration: CodebaseRegistration) => ReturnType<typeof registerCodebase>;
  readonly registerWorktree: Bound<typeof registerWorktree>;
  readonly removeWorktree: Bound<typeof removeWorktree>;
  readonly backfillWorktrees: Bound<typeof backfillWorktrees>;
  readonly transferPorts: Bound<typeof transferPorts>;
  readonly importRegistry: Bound<typeof importRegistry>;
  readonly checkPort: Bound<typeof checkPort>;
  readonly recommendPort: Bound<typeof recommendPort>;
  /** Looks at the observed host now; whoever asks while a look is under way is given the next one. */
  readonly scanHost: () => ReturnType<typeof scanHost>;
  readonly cleanupPorts: Bound<typeof cleanupPorts>;
  /** See `pruneHistory`: what a cleanup leaves of the old history, a part at a time. */
  readonly pruneHistory: () => ReturnType<typeof pruneHistory>;
  readonly resolveConflict: Bound<typeof resolveConflict>;
  /** What can be said now of who listens for an allocation whose host was last looked at then. */
  readonly livenessOf: (allocation: Pick<Allocation, 'status' | 'liveness'>, scannedAt: Date | null) => Liveness;
  /** A path of the observed host, or of another one, as the registry knows a worktree. */
  readonly canonicalPath: Bound<typeof canonicalPath>;
  readonly listListeners: Bound<typeof listListeners>;
  /** The ranges of each host, in the order of the names. */
  readonly rangeUsage: (hostNames: readonly string[]) => ReturnType<typeof readRangeUsage>;
  /** Resolves when everything submitted so far has been answered. */
  readonly idle: () => Promise<void>;
}

const unmonitored: RegistryMonitor = { batch: () => {}, outcome: () => {} };

export function createRegistry(options: RegistryOptions): Registry {
  const { database, policy, hostName, probePort, observer, paths, monitor = unmonitored } = options;
  const { clock = () => new Date(), random = Math.random, scanIntervalMs = 15_000 } = options;
  const { monotonic = () => performance.now() } = options;
  const newId = randomUUID;
  const prober = new Prober(hostName, probePort, createIdentifyListeners({ hostName, database, observer }));
  const listenedElsewhere = createListenedElsewhere({ hostName, database, clock, scanIntervalMs });
  const shared = { hostName, database, policy, prober, listenedElsewhere, clock, newId, random, scanIntervalMs };
  const writer = new Writer({ ...shared, monitor });
  const scan = coalesced(timed((elapsedMs) => scanHost(context, elapsedMs), monotonic));
  const context: RegistryContext = { ...shared, writer, observer, paths, listGitWorktrees: createGitLister(), scan };
  return {
    hostName,
    policy,
    allocatePort: (input) => allocatePort(context, input),
    allocatePorts: (input) => allocatePorts(context, input),
    releasePort: (input) => releasePort(context, input),
    scanHost: scan,
    cleanupPorts: (input) => cleanupPorts(context, input),
    pruneHistory: () => pruneHistory(context),
    resolveConflict: (input) => resolveConflict(context, input),
    registerPort: (input) => registerPort(context, input),
    registerCodebase: (registration) => registerCodebase(context, registration),
    registerWorktree: (input) => registerWorktree(context, input),
    removeWorktree: (input) => removeWorktree(context, input),
    backfillWorktrees: (input) => backfillWorktrees(context, input),
    transferPorts: (input) => transferPorts(context, input),
    importRegistry: (input) => importRegistry(context, input),
    checkPort: (input) => checkPort(context, input),
    recommendPort: (input) => recommendPort(context, input),
    livenessOf: (allocation, scannedAt) => toldLiveness(allocation, { scannedAt, now: clock(), scanIntervalMs }),
    canonicalPath: (named) => canonicalPath(context, named),
    listListeners: (input) => listListeners(context, input),
    rangeUsage: (hostNames) => readRangeUsage(database, policy, hostNames),
    idle: () => writer.idle(),
  };
}
