import type { Bench } from './bench.ts';
import type { ServerUnderTest } from './engines.ts';
import { allocate, answerOf, latestCursor } from './operations.ts';
import { type Row, row } from './row.ts';
import { median, rounds } from './statistics.ts';

/** An event to many subscribers, the allocation that causes it included, against a broadcast of the same bytes. */
export async function measureEvents({ engine, load, sizes }: Bench, server: ServerUnderTest): Promise<Row[]> {
  const { each, subscribers } = sizes.events;
  const { url, broadcastUrl } = server;
  const { answers } = await load.call('oneByOne', { url, operations: [latestCursor] });
  const after = answerOf(answers[0]);
  await load.call('openSubscribers', { url: url.replace(/^http/, 'ws'), count: subscribers, after });
  await load.call('openRaw', { url: broadcastUrl, count: subscribers });
  const round = async () => {
    const operations = Array.from({ length: each }, () => allocate('DEV'));
    const events = await load.call('measureEvents', { url, operations });
    const broadcasts = await load.call('measureBroadcasts', { message: events.message, count: each });
    return { event: median(events.milliseconds), broadcast: median(broadcasts) };
  };

  const found = await rounds(sizes.events.rounds, round);
  await load.call('closeSockets', undefined);
  return [
    row({
      name: `event to ${subscribers.toLocaleString('en')} subscribers`,
      engine: engine.name,
      unit: 'ms',
      value: median(found.map(({ event }) => event)),
      baseline: { name: 'raw ws broadcast', value: median(found.map(({ broadcast }) => broadcast)) },
      ratio: median(found.map(({ event, broadcast }) => event / broadcast)),
      bar: null,
    }),
  ];
}
