import type { PortSpan } from '../../src/domain/policy.ts';
import { probePort } from '../../src/observer/probe.ts';
import { span } from './registry.ts';

/** Apart from each other, so that files which run at the same time do not share a span. */
const firstPort = 20_000 + (process.pid % 50) * 200;

/** Twenty ports in a row on which nobody listens, below those that the system gives to clients. */
export async function freeSpace(size = 20): Promise<PortSpan> {
  for (let start = firstPort; start + size <= 32_768; start += size) {
    const ports = Array.from({ length: size }, (_, index) => start + index);
    const results = await Promise.all(ports.map(probePort)); // a span at a time
    if (results.every((result) => result === 'free')) return span(start, start + size - 1);
  }
  throw new Error(`No ${size} ports in a row are free.`);
}
