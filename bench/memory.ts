import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { ranges } from './engines.ts';
import { allocate, answerOf, inline, latestCursor, type Operation, portsOf, reads, release } from './operations.ts';
import { type Row, row } from './row.ts';
import { serve } from './served.ts';

const mostMegabytes = 300;
const clients = 4;
/** In each round: so many ports are allocated and released again, and the rest of it are questions. */
const claimsEach = 50;
const subscribersEach = 5;

/**
 * What `wharfinger serve` holds of memory after many operations, each over a connection of its own, as the CLI sends
 * them: half of them with their values in the text, so that no two texts are alike.
 */
export async function measureMemory({ engine, load, sizes }: Bench): Promise<Row[]> {
  const { operations, idleMs } = sizes.memory;
  const server = await serve({ ...ranges, ...(await engine.createPlace()) });
  try {
    const { url } = server;
    const send = async (batch: readonly Operation[]) => {
      const { answers } = await load.call('atOnce', { url, operations: batch, clients, keepAlive: false });
      answers.forEach(answerOf);
      return answers;
    };
    const mixed = (each: Operation, index: number) => (index % 2 === 0 ? each : inline(each));
    for (let sent = 0; sent < operations; sent += 4 * claimsEach + subscribersEach + 1) {
      const [after] = (await send([latestCursor])).map(answerOf);
      await load.call('openSubscribers', { url: url.replace(/^http/, 'ws'), count: subscribersEach, after });
      const claims = await send(Array.from({ length: claimsEach }, () => allocate('DEV')).map(mixed));
      await load.call('closeSockets', undefined);
      await send(Array.from({ length: 2 * claimsEach }, (_, index) => reads(sent + index)).map(mixed));
      await send(portsOf(claims).map(release).map(mixed));
    }
    await delay(idleMs);
    return [
      row({
        name: `memory after ${operations.toLocaleString('en')} operations`,
        engine: engine.name,
        unit: 'MB',
        value: await server.megabytes(),
        baseline: null,
        ratio: null,
        bar: { of: 'value', most: mostMegabytes },
      }),
    ];
  } finally {
    await server.stop();
  }
}
