import { type ExecutionArgs, getOperationAST } from 'graphql';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as MetricsRegistry } from 'prom-client';
import type { CleanupReport } from '../domain/cleanup.ts';
import { isRefusal } from '../domain/refusals.ts';
import { conflictKinds } from '../domain/registry-model.ts';
import type { Feed } from '../feed/feed.ts';
import type { Registry, RegistryMonitor } from '../registry/registry.ts';
import type { Database } from '../storage/database.ts';
import { countEvents } from '../storage/event-log.ts';
import { countListeners, countOpenConflicts } from '../storage/host-counts.ts';
import type { HostWatch } from './watch-host.ts';

/** What is counted while the server works. */
export interface Metrics {
  readonly monitor: RegistryMonitor;
  countOperation(args: ExecutionArgs, failed: boolean): void;
  /** The figures in Prometheus' text format. Those that ask the database are left out while it does not answer. */
  render(): Promise<string>;
  readonly contentType: string;
  /** Counts a look at the host. */
  scanned(seconds: number): void;
  /** Says what the figures that are read on demand are read from. */
  watch(sources: Sources): void;
}

export function createMetrics(): Metrics {
  const figures = new MetricsRegistry();
  const registers = [figures];
  collectDefaultMetrics({ register: figures });
  const operations = new Counter({
    name: 'wharfinger_graphql_operations_total',
    help: 'GraphQL operations, by kind and by whether they had errors (refusals are none).',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const outcomes = new Counter({
    name: 'wharfinger_registry_operations_total',
    help: 'What the registry was asked to do, by operation and result: ok, or the code of the refusal.',
    labelNames: ['operation', 'result'],
    registers,
  });
  const allocations = new Counter({
    name: 'wharfinger_allocations_total',
    help: 'Requests for ports, by result: created, held (the owner had it already), or the code of the refusal.',
    labelNames: ['result'],
    registers,
  });
  const batchSizes = new Histogram({
    name: 'wharfinger_batch_size',
    help: 'How many requests were carried out in one transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  });
  const transactionTimes = new Histogram({
    name: 'wharfinger_transaction_seconds',
    help: 'How long the transactions took that carry out requests.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });

  const scanTimes = new Histogram({
    name: 'wharfinger_scan_seconds',
    help: 'How long the looks at the observed host took.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const cleaned = new Counter({
    name: 'wharfinger_cleanup_released_total',
    help: 'Allocations that a cleanup released or, as old history, deleted, by reason.',
    labelNames: ['reason'],
    registers,
  });

  return {
    contentType: figures.contentType,
    scanned: (seconds) => scanTimes.observe(seconds),
    render: () => figures.metrics(),
    countOperation({ document, operationName }, failed) {
      const kind = getOperationAST(document, operationName)?.operation ?? 'unknown';
      operations.inc({ kind, outcome: failed ? 'error' : 'ok' });
    },
    monitor: {
      batch({ size, transactionSeconds }) {
        batchSizes.observe(size);
        transactionTimes.observe(transactionSeconds);
      },
      outcome(operation, outcome) {
        const code = isRefusal(outcome) ? outcome.code.toLowerCase() : undefined;
        outcomes.inc({ operation, result: code ?? 'ok' });
        for (const reason of cleanupReasonsIn(operation, outcome)) cleaned.inc({ reason });
        if (operation !== 'allocate') return;
        if (code) allocations.inc({ result: code });
        else for (const result of grantResults(outcome)) allocations.inc({ result });
      },
    },
    watch(sources) {
      addGauges(figures, sources);
      addHostGauges(figures, sources);
    },
  };
}

interface Sources {
  readonly registry: Registry;
  readonly feed: Feed;
  readonly database: Database;
  readonly hostWatch: Pick<HostWatch, 'blindness'>;
}

/** Figures that are read when they are asked for. */
function addGauges(figures: MetricsRegistry, { registry, feed, database }: Sources): void {
  const registers = [figures];
  const labelNames = ['host', 'environment'] as const;
  // Each reads for itself: a gauge is printed when its own collect has ended, whatever the others do.
  const readUsage = async () => {
    const [usage = []] = await registry.rangeUsage([registry.hostName]).catch(() => []);
    return usage.map((range) => ({ ...range, labels: { host: registry.hostName, environment: range.environment } }));
  };
  new Gauge({
    name: 'wharfinger_live_allocations',
    help: "How many ports of an environment's range are held on the observed host.",
    labelNames,
    registers,
    async collect() {
      this.reset(); // a database that does not answer has no figures, rather than its last ones
      for (const { labels, used } of await readUsage()) this.set(labels, used);
    },
  });
  new Gauge({
    name: 'wharfinger_range_utilization_ratio',
    help: "The share of an environment's range that is held on the observed host, 0 to 1.",
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { labels, used, size } of await readUsage()) this.set(labels, used / size);
    },
  });
  new Gauge({
    name: 'wharfinger_subscribers',
    help: 'How many subscriptions to allocation changes and to conflicts are open.',
    registers,
    collect() {
      this.set(feed.status().subscribers);
    },
  });
  new Gauge({
    name: 'wharfinger_feed_lag_events',
    help: 'How many events of the log have not been read for the subscribers yet; 0 without subscribers.',
    registers,
    labelNames: [],
    async collect() {
      this.remove();
      const { last } = feed.status();
      if (last === null) return this.set(0);
      const unread = await countEvents(database, last).catch(() => undefined);
      if (unread !== undefined) this.set(unread);
    },
  });
}

/** What the looks at the observed host have found. */
function addHostGauges(figures: MetricsRegistry, { registry, database, hostWatch }: Sources): void {
  const registers = [figures];
  new Gauge({
    name: 'wharfinger_detection_up',
    help: '1 where the listeners of the observed host can be seen, 0 where they cannot.',
    registers,
    collect() {
      this.set(hostWatch.blindness() === undefined ? 1 : 0);
    },
  });
  new Gauge({
    name: 'wharfinger_listeners',
    help: 'How many listeners the last look at the observed host has found.',
    labelNames: ['host'],
    registers,
    async collect() {
      this.reset();
      const count = await countListeners(database, registry.hostName).catch(() => undefined);
      if (count !== undefined) this.set({ host: registry.hostName }, count);
    },
  });
  new Gauge({
    name: 'wharfinger_open_conflicts',
    help: 'How many conflicts are open on the observed host, by kind.',
    labelNames: ['host', 'kind'],
    registers,
    async collect() {
      this.reset();
      const counts = await countOpenConflicts(database, registry.hostName).catch(() => undefined);
      for (const kind of counts ? conflictKinds : []) {
        this.set({ host: registry.hostName, kind }, counts?.get(kind) ?? 0);
      }
    },
  });
}

function cleanupReasonsIn(operation: string, outcome: unknown): string[] {
  if (operation !== 'cleanup' || isRefusal(outcome)) return [];
  return (outcome as CleanupReport).released.map(({ reason }) => reason.toLowerCase()); // what `cleanup` answers
}

/** `allocate` answers a list of grants. */
function grantResults(outcome: unknown): string[] {
  if (!Array.isArray(outcome)) return [];
  return outcome.map(({ created }: { created: boolean }) => (created ? 'created' : 'held'));
}
