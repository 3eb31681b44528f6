import type { Bench } from './bench.ts';
import { largeRange, type ServerUnderTest, smallRange, startServer } from './engines.ts';
import { allocate, answerOf, type Environment, portsOf, release } from './operations.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

const share = 0.95;

/** One client's allocations in ranges of two sizes, empty and nearly full, against the fastest of the four. */
export async function measureFullness({ engine, load, sizes }: Bench): Promise<Row[]> {
  const { each } = sizes.fullness;
  const fill = (environment: 'dev' | 'test', { start, size }: { start: number; size: number }) => ({
    environment,
    start,
    count: size * share,
  });
  const empty = await startServer(engine);
  // The lowest ports are held, which is the longest way for who looks for the lowest free one.
  const full = await startServer(engine, { fills: [fill('dev', largeRange), fill('test', smallRange)] });
  const cases: { name: string; server: ServerUnderTest; environment: Environment }[] = [
    { name: 'allocate, 1,000 ports, empty', server: empty, environment: 'TEST' },
    { name: 'allocate, 1,000 ports, 95 % full', server: full, environment: 'TEST' },
    { name: 'allocate, 50,000 ports, empty', server: empty, environment: 'DEV' },
    { name: 'allocate, 50,000 ports, 95 % full', server: full, environment: 'DEV' },
  ];
  const measure = async ({ server: { url }, environment }: (typeof cases)[number]) => {
    const operations = Array.from({ length: each }, () => allocate(environment));
    const { milliseconds, answers } = await load.call('oneByOne', { url, operations });
    const released = await load.call('oneByOne', { url, operations: portsOf(answers).map(release) });
    released.answers.forEach(answerOf);
    return median(milliseconds);
  };

  const found = await rounds(sizes.fullness.rounds, async () => {
    const milliseconds: number[] = [];
    for (const each of cases) milliseconds.push(await measure(each)); // one client
    return milliseconds;
  });
  await Promise.all([empty.remote.stop(), full.remote.stop()]);

  const milliseconds = cases.map((_, index) => found.map((round) => round[index] ?? Number.NaN));
  const [fastest = []] = milliseconds.toSorted((a, b) => median(a) - median(b));
  return cases.map(({ name }, index) => {
    const own = milliseconds[index] ?? [];
    return row({
      name,
      engine: engine.name,
      unit: 'ms',
      value: median(own),
      baseline: { name: 'the fastest of the four', value: median(fastest) },
      ratio: median(own.map((value, round) => value / (fastest[round] ?? Number.NaN))),
      bar: { of: 'ratio', most: 1.3 },
    });
  });
}
