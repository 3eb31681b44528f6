import type { Bench } from './bench.ts';
import type { ServerUnderTest } from './engines.ts';
import { allocate, answerOf, noop, type Operation, portsOf, release } from './operations.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

/** What the embedded database's journal is given for one allocation. */
const journalBytes = 1_500;

/** What a single client waits for its allocation and its release. */
export async function measureLatency({ engine, load, sizes }: Bench, server: ServerUnderTest): Promise<Row[]> {
  const { each } = sizes.latency;
  // What an acknowledgement promises; PostgreSQL's INSERT syncs its own log.
  const isSynced = engine.name === 'embedded';
  const run = (operations: readonly Operation[]) => load.call('oneByOne', { url: server.url, operations });
  const round = async () => {
    const nothing = await run(Array.from({ length: each }, () => noop));
    const allocated = await run(Array.from({ length: each }, () => allocate('DEV')));
    const released = await run(portsOf(allocated.answers).map(release));
    released.answers.forEach(answerOf);
    const inserts = await server.remote.call('inserts', { count: each });
    const syncs = isSynced ? await server.remote.call('syncs', { count: each, bytes: journalBytes }) : [0];
    return {
      noop: median(nothing.milliseconds),
      allocate: median(allocated.milliseconds),
      release: median(released.milliseconds),
      insert: median(inserts),
      sync: median(syncs),
    };
  };

  const found = await rounds(sizes.latency.rounds, round);
  const figures = { engine: engine.name, unit: 'ms' } as const;
  return [
    row({
      ...figures,
      name: 'allocate, one client',
      value: median(found.map(({ allocate }) => allocate)),
      baseline: {
        name: isSynced ? 'no-op + INSERT + fdatasync' : 'no-op + INSERT',
        value: median(found.map(({ noop, insert, sync }) => noop + insert + sync)),
      },
      ratio: median(found.map(({ allocate, noop, insert, sync }) => allocate / (noop + insert + sync))),
      bar: { of: 'ratio', most: 2 },
    }),
    row({
      ...figures,
      name: 'release, one client',
      value: median(found.map(({ release }) => release)),
      baseline: { name: 'no-op mutation', value: median(found.map(({ noop }) => noop)) },
      ratio: median(found.map(({ release, noop }) => release / noop)),
      bar: null,
    }),
    ...(isSynced ? [syncRow(median(found.map(({ sync }) => sync)))] : []),
  ];
}

const syncRow = (value: number) =>
  row({
    name: 'append and fdatasync of 1.5 kB',
    engine: 'embedded',
    unit: 'ms',
    value,
    baseline: null,
    ratio: null,
    bar: null,
  });
