import type { AllocationEvent } from '../../src/domain/registry-model.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { allocate, granted, release } from '../support/registry.ts';

/** So many changes, an even number, in waves of twenty: half of them allocate, the others release the same. */
export async function change(registry: Registry, count: number, name = 'load'): Promise<void> {
  const wave = 20;
  for (let start = 0; start < count; start += wave) {
    const names = Array.from({ length: Math.min(wave, count - start) / 2 }, (_, index) => `${name}-${start + index}`);
    const held = await Promise.all(names.map((service) => allocate(registry, service))); // wave after wave
    await Promise.all(held.map(async ({ port }) => granted(await registry.releasePort(release(port)))));
  }
}

/** The numbers of the next so many events. */
export async function numbers(events: AsyncIterator<AllocationEvent>, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) {
    const { done, value } = await events.next(); // in order
    if (done) break;
    seen.push(value.number);
  }
  return seen;
}

/** The numbers from `first` to `last`. */
export const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
