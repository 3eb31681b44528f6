import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { type Row, row } from './row.ts';
import { serve } from './served.ts';
import { median } from './statistics.ts';

const mostMegabytes = 220;

/** How long `wharfinger serve` takes to be ready, and what it holds of memory when nobody asks it anything. */
export async function measureStart({ engine, sizes }: Bench): Promise<Row[]> {
  const { existing, fresh, idleMs } = sizes.start;
  const isEmbedded = engine.name === 'embedded';
  const what = isEmbedded ? 'directory' : 'database';
  const first: Start[] = [];
  let place: Record<string, string> = {};
  for (let index = 0; index < fresh; index++) {
    place = await engine.createPlace();
    first.push(await startOnce(place, idleMs)); // one server at a time
  }
  const later: Start[] = [];
  for (let index = 0; index < existing; index++) later.push(await startOnce(place, idleMs)); // one server at a time

  const rows = (state: string, starts: readonly Start[], mostSeconds: number) => [
    row({
      name: `ready, ${state} ${what}`,
      engine: engine.name,
      unit: 's',
      value: median(starts.map(({ seconds }) => seconds)),
      baseline: null,
      ratio: null,
      bar: isEmbedded ? { of: 'value', most: mostSeconds } : null,
    }),
    row({
      name: `idle memory, ${state} ${what}`,
      engine: engine.name,
      unit: 'MB',
      value: median(starts.map(({ megabytes }) => megabytes)),
      baseline: null,
      ratio: null,
      bar: isEmbedded ? { of: 'value', most: mostMegabytes } : null,
    }),
  ];
  return [...rows('existing', later, 1.5), ...rows('new', first, 5)];
}

interface Start {
  /** From starting the process until GET /ready answers 200. */
  readonly seconds: number;
  readonly megabytes: number;
}

async function startOnce(place: Record<string, string>, idleMs: number): Promise<Start> {
  const server = await serve(place);
  try {
    await delay(idleMs);
    return { seconds: server.seconds, megabytes: await server.megabytes() };
  } finally {
    await server.stop();
  }
}
