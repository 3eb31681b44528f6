import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { type ServerUnderTest, smallRange, startServer } from './engines.ts';
import type { Listeners } from './listeners.ts';
import { allocate, answerOf, type Operation, portsOf, release } from './operations.ts';
import { forkModule } from './remote.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

const scan: Operation = { query: 'mutation Scan { scanHost { host { name } } }' };

/** The default of PORT_SCAN_SECONDS. */
const defaultIntervalMs = 15_000;
/** While allocations are measured, the host is looked at so often: fifteen times as often as by default. */
const busyIntervalMs = 1_000;
const listenerCount = 500;

/** What looking at a host with 500 listeners and 1,000 allocations costs, and what it costs those who allocate meanwhile. */
export async function measureScans(bench: Bench): Promise<Row[]> {
  const { start, size } = smallRange;
  const server = await startServer(bench.engine, { fills: [{ environment: 'test', start, count: size }] });
  const listeners = await forkModule<Listeners>('./listeners.ts');
  const ports = Array.from({ length: listenerCount }, (_, index) => start + 2 * index);
  const count = await listeners.call('listen', { ports });
  const found = [await measureProcessorTime(bench, server, count), await measureAllocating(bench, server)];
  await listeners.stop();
  await server.remote.stop();
  return found;
}

/** The server's own processor time, all threads together; that of a PostgreSQL beside it is not in it. */
async function measureProcessorTime({ engine, load, sizes }: Bench, server: ServerUnderTest, count: number) {
  const { each } = sizes.scans;
  const operations = Array.from({ length: each }, () => scan);
  const milliseconds = await rounds(sizes.scans.rounds, async () => {
    const before = await server.remote.call('processorTime', undefined);
    const { answers } = await load.call('oneByOne', { url: server.url, operations });
    answers.forEach(answerOf);
    return ((await server.remote.call('processorTime', undefined)) - before) / each;
  });
  return row({
    name: `scan, ${count} listeners, 1,000 allocations`,
    engine: engine.name,
    unit: 'ms',
    value: median(milliseconds),
    baseline: { name: 'one core, 15 s', value: defaultIntervalMs },
    ratio: median(milliseconds) / defaultIntervalMs,
    bar: { of: 'ratio', most: 0.02 },
  });
}

async function measureAllocating({ engine, load, sizes }: Bench, { url }: ServerUnderTest) {
  const { clients, claims } = sizes.throughput;
  const run = async () => {
    const operations = Array.from({ length: claims }, () => allocate('DEV'));
    const { seconds, answers } = await load.call('atOnce', { url, operations, clients });
    await load.call('atOnce', { url, operations: portsOf(answers).map(release), clients });
    return claims / seconds;
  };
  const found = await rounds(sizes.scans.rounds, async () => {
    const undisturbed = await run();
    const stop = keepScanning(url);
    const disturbed = await run();
    await stop();
    return { undisturbed, disturbed };
  });
  return row({
    name: `allocate, ${clients} clients, a scan each second`,
    engine: engine.name,
    unit: 'requests/s',
    value: median(found.map(({ disturbed }) => disturbed)),
    baseline: { name: 'without scans', value: median(found.map(({ undisturbed }) => undisturbed)) },
    ratio: median(found.map(({ disturbed, undisturbed }) => disturbed / undisturbed)),
    bar: null,
  });
}

/** Returns how to end it. */
function keepScanning(url: string): () => Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  const running = (async () => {
    while (!signal.aborted) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(scan) }); // one at a time
      answerOf(await response.json());
      await delay(busyIntervalMs, undefined, { signal }).catch(() => {}); // the loop sees the abort
    }
  })();
  return async () => {
    abort.abort();
    await running;
  };
}
