import { type ExecutionArgs, getOperationAST } from 'graphql';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as MetricsRegistry } from 'prom-client';
import { isRefusal } from '../domain/refusals.ts';
import type { Feed } from '../feed/feed.ts';
import type { Registry, RegistryMonitor } from '../registry/registry.ts';
import type { Database } from '../storage/database.ts';
import { countEvents } from '../storage/event-log.ts';

/** What is counted while the server works. */
export interface Metrics {
  readonly monitor: RegistryMonitor;
  countOperation(args: ExecutionArgs, failed: boolean): void;
  /** The figures in Prometheus' text format. Those that ask the database are left out while it does not answer. */
  render(): Promise<string>;
  readonly contentType: string;
  /** Says what the figures that are read on demand are read from. */
  watch(sources: { readonly registry: Registry; readonly feed: Feed; readonly database: Database }): void;
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

  return {
    contentType: figures.contentType,
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
        if (operation !== 'allocate') return;
        if (code) allocations.inc({ result: code });
        else for (const result of grantResults(outcome)) allocations.inc({ result });
      },
    },
    watch({ registry, feed, database }) {
      addGauges(figures, { registry, feed, database });
    },
  };
}

interface Sources {
  readonly registry: Registry;
  readonly feed: Feed;
  readonly database: Database;
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
    help: 'How many subscriptions to allocation changes are open.',
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
      const { subscribers, last } = feed.status();
      if (subscribers === 0) return this.set(0);
      const unread = await countEvents(database, last).catch(() => undefined);
      if (unread !== undefined) this.set(unread);
    },
  });
}

/** `allocate` answers a list of grants. */
function grantResults(outcome: unknown): string[] {
  if (!Array.isArray(outcome)) return [];
  return outcome.map(({ created }: { created: boolean }) => (created ? 'created' : 'held'));
}
