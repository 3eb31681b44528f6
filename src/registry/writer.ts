import { setImmediate } from 'node:timers/promises';
import { ConflictBook } from '../domain/conflict-book.ts';
import { type HostState, Ledger } from '../domain/ledger.ts';
import { neverScanned } from '../domain/observed-time.ts';
import { Occupancy } from '../domain/occupancy.ts';
import type { Policy } from '../domain/policy.ts';
import { reviewChanges } from '../domain/review.ts';
import type { ListenedElsewhere, Prober, View } from '../observer/prober.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { DatabaseUnavailable, HostForgotten, LivePortTaken } from '../storage/database-error.ts';
import { HostCopies } from '../storage/host-copies.ts';
import { readConflictBooks, readLedger } from '../storage/ledger-reads.ts';
import { writeChanges, writeObservation } from '../storage/ledger-writes.ts';
import { forgetHosts } from '../storage/named-hosts.ts';
import { writePruning } from '../storage/pruning.ts';
import { type Expecting, expectedPorts, portsByNumber } from './expected-ports.ts';
import { mergeReads } from './merge-reads.ts';
import type { Operation } from './operation.ts';
import { replay } from './replay.ts';

export interface WriterOptions {
  /** The observed host. */
  readonly hostName: string;
  readonly database: Database;
  readonly policy: Policy;
  readonly prober: Prober;
  /** Asks the other hosts' observers, by way of the database, where something listens. */
  readonly listenedElsewhere: (hostNames: readonly string[]) => Promise<ListenedElsewhere>;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly random: () => number;
  readonly monitor: RegistryMonitor;
}

/** Told what was done, for the metrics. */
export interface RegistryMonitor {
  batch(batch: BatchReport): void;
  outcome(operation: string, outcome: unknown): void;
}

export interface BatchReport {
  readonly size: number;
  readonly transactionSeconds: number;
}

interface Pending extends Expecting {
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Its random numbers so far: asked again after probing, it must come to the ports that were probed. */
  readonly draws: number[];
}

/** So that a batch's transaction stays short, however many callers wait. */
const largestBatch = 256;
/** Each round probes twice as many ports as the one before: 2^14 of them are more than any range has in use. */
const mostRounds = 14;
const mostAttempts = 3;

/**
 * Carries out operations in batches: those that come while a transaction is under way go into the
 * next one together. Each is decided in its turn and fails alone.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #copies: HostCopies;
  #queue: Pending[] = [];
  #running: Promise<void> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#copies = new HostCopies(options.policy.quarantineMs, options.clock);
  }

  /** Answers once the outcome is committed; throws where the database does not answer. */
  submit<Outcome>(operation: Operation<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        operation,
        resolve: resolve as (outcome: unknown) => void, // of its own operation's decide
        reject,
        draws: [],
        rounds: 0,
        unprobed: [],
      });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything submitted so far has been answered. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Requests that arrived in the same moment are all in the queue a moment later.
    await setImmediate();
    try {
      while (this.#queue.length > 0) {
        await this.#carryOut(this.#nextBatch()); // one batch at a time is the point
      }
    } finally {
      this.#running = undefined;
    }
  }

  /** What locks everything goes alone: it is rare, and holds up the others. */
  #nextBatch(): Pending[] {
    const isExclusive = ({ operation }: Pending) => operation.hosts === 'everything';
    const firstExclusive = this.#queue.findIndex(isExclusive);
    const length =
      firstExclusive === 0 ? 1 : firstExclusive < 0 ? largestBatch : Math.min(firstExclusive, largestBatch);
    return this.#queue.splice(0, length);
  }

  async #carryOut(batch: Pending[], attempt = 1): Promise<void> {
    try {
      const view = this.#options.prober.view(await this.#options.listenedElsewhere(namedHosts(batch)));
      await this.#probe(batch, view);
      this.#answer(batch, await this.#commit(batch, view));
    } catch (error) {
      this.#copies.forget();
      await this.#recover(batch, error, attempt);
    }
  }

  /** What has no outcome yet goes into the next batch, before everybody else. */
  #answer(batch: readonly Pending[], outcomes: ReadonlyMap<Pending, unknown>): void {
    this.#queue.unshift(...batch.filter((pending) => !outcomes.has(pending)));
    for (const [pending, outcome] of outcomes) {
      pending.resolve(outcome);
      this.#options.monitor.outcome(pending.operation.name, outcome);
    }
  }

  async #recover(batch: Pending[], error: unknown, attempt: number): Promise<void> {
    const isOvertaken = error instanceof LivePortTaken || error instanceof HostForgotten;
    if (isOvertaken && attempt < mostAttempts) return this.#carryOut(batch, attempt + 1);
    if (error instanceof DatabaseUnavailable) {
      // Whoever waits behind them would only wait for the same.
      for (const pending of [...batch, ...this.#queue.splice(0)]) pending.reject(error);
      return;
    }
    if (batch.length === 1) return batch[0]?.reject(error);
    // Something in the batch breaks its transaction: whatever it is, it fails alone.
    for (const pending of batch) await this.#carryOut([pending]);
  }

  /** Outside the transaction: the ports that were found wanting, or will probably be given out. */
  async #probe(batch: readonly Pending[], { probed }: View): Promise<void> {
    const { policy, prober, clock } = this.#options;
    const glance = (hostName: string) => this.#copies.glance(hostName);
    for (const [hostName, ports] of expectedPorts(batch, { policy, glance, probed, now: clock() })) {
      await prober.probe(hostName, ports); // there is one observed host
    }
    for (const [hostName, ports] of portsByNumber(batch)) await prober.identify(hostName, ports); // as above
  }

  /** Decides a batch in one transaction. Operations without an outcome are left out of the answer. */
  async #commit(batch: readonly Pending[], view: View): Promise<Map<Pending, unknown>> {
    const { database, policy, monitor, random, hostName } = this.#options;
    const started = performance.now();
    const outcomes = new Map<Pending, unknown>();
    const hosts = hostsOf(batch);
    const number = await database.transaction(async (transaction) => {
      await transaction.lock(hosts);
      const ledger = await this.#load(transaction, hosts, batch);
      for (const pending of batch) {
        const decision = pending.operation.decide({ ledger, policy, ...view, random: replay(pending.draws, random) });
        if ('outcome' in decision) outcomes.set(pending, decision.outcome);
        else this.#postpone(pending, decision.unprobed);
      }
      reviewChanges(ledger, policy, hostName);
      const changes = ledger.changes();
      for (const observation of changes.observations) await writeObservation(transaction, observation); // one connection
      for (const pruning of changes.prunings) await writePruning(transaction, pruning);
      if (changes.prunings.length > 0) await forgetHosts(transaction, namedHosts(batch));
      const { allocations, worktrees, codebases, conflicts } = changes;
      const hasChanged = [allocations, worktrees, codebases, conflicts].some((rows) => rows.length > 0);
      return hasChanged ? writeChanges(transaction, changes) : undefined;
    });
    if (number !== undefined) this.#copies.committed(namedHosts(batch), number);
    monitor.batch({ size: batch.length, transactionSeconds: (performance.now() - started) / 1_000 });
    return outcomes;
  }

  #postpone(pending: Pending, unprobed: readonly number[]): void {
    pending.rounds += 1;
    // The earlier ones too, whose results are no longer fresh by the next round.
    pending.unprobed = [...pending.unprobed, ...unprobed];
    if (pending.rounds > mostRounds) {
      throw new Error(`${pending.operation.name} found no port that stays free while it is probed.`);
    }
  }

  async #load(
    transaction: Transaction,
    hosts: readonly string[] | 'everything',
    batch: readonly Pending[],
  ): Promise<Ledger> {
    const { clock, newId } = this.#options;
    const reads = { ...mergeReads(batch.map(({ operation }) => operation.reads)), looks: namedHosts(batch) };
    const { number, worktrees, allocations, hostTimes } = await readLedger(transaction, reads);
    const states = new Map<string, HostState>();
    if (hosts === 'everything')
      await loadConflicts(transaction, states, [this.#options.hostName, ...allocations.map((each) => each.hostName)]);
    for (const hostName of namedHosts(batch)) {
      const copy = await this.#copies.host(transaction, hostName, number); // one connection
      states.set(hostName, { ...copy, ...(hostTimes.get(hostName) ?? neverScanned) });
    }
    const catalog = await this.#copies.catalog(transaction, number);
    return new Ledger({ now: clock(), newId, catalog, hosts: states, worktrees, allocations });
  }
}

/** What registering a codebase may change of all hosts: no claim, but conflicts about claims. */
async function loadConflicts(
  transaction: Transaction,
  states: Map<string, HostState>,
  hostNames: readonly string[],
): Promise<void> {
  const books = await readConflictBooks(transaction);
  for (const hostName of [...hostNames, ...books.keys()]) {
    const conflicts = books.get(hostName) ?? new ConflictBook();
    states.set(hostName, { occupancy: new Occupancy(), conflicts, ...neverScanned });
  }
}

/** The hosts on which ports are claimed; what locks everything hardly ever does. */
function namedHosts(batch: readonly Pending[]): readonly string[] {
  const hosts = hostsOf(batch);
  return hosts === 'everything' ? batch.flatMap(({ operation }) => operation.claimsOn ?? []) : hosts;
}

function hostsOf(batch: readonly Pending[]): readonly string[] | 'everything' {
  const names = new Set<string>();
  for (const { operation } of batch) {
    if (operation.hosts === 'everything') return 'everything';
    for (const hostName of operation.hosts) names.add(hostName);
  }
  return [...names].sort();
}
