import type { Bench } from './bench.ts';
import type { ServerUnderTest } from './engines.ts';
import { allocate, answerOf, noop, type Operation, portsOf, release } from './operations.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

/** Allocating and releasing with many clients at once, in requests a second. */
export async function measureThroughput({ engine, load, sizes }: Bench, { url }: ServerUnderTest): Promise<Row[]> {
  const { clients, noops, claims } = sizes.throughput;
  const run = async (operations: readonly Operation[]) => {
    const { seconds, answers } = await load.call('atOnce', { url, operations, clients });
    return { perSecond: operations.length / seconds, answers };
  };
  const round = async () => {
    const nothing = await run(Array.from({ length: noops }, () => noop));
    const allocated = await run(Array.from({ length: claims }, () => allocate('DEV')));
    const released = await run(portsOf(allocated.answers).map(release));
    released.answers.forEach(answerOf);
    return { noop: nothing.perSecond, allocate: allocated.perSecond, release: released.perSecond };
  };

  const found = await rounds(sizes.throughput.rounds, round);
  const toRow = (operation: 'allocate' | 'release') =>
    row({
      name: `${operation}, ${clients} clients`,
      engine: engine.name,
      unit: 'requests/s',
      value: median(found.map((each) => each[operation])),
      baseline: { name: 'no-op mutation', value: median(found.map((each) => each.noop)) },
      ratio: median(found.map((each) => each[operation] / each.noop)),
      bar: operation === 'allocate' ? { of: 'ratio', least: 0.5 } : null,
    });
  return [toRow('allocate'), toRow('release')];
}
