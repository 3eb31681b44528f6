import type { Policy, PortSpan } from './policy.ts';
import { highestPort, type Port } from './port.ts';

/** Who released a port last, and when. */
export interface Rest {
  readonly owner: string;
  readonly releasedAt: Date;
}

/** Whether a release is so recent that the port is still in quarantine. One dated far ahead is not: the clock was set back since. */
export function isResting({ releasedAt }: Rest, now: Date, { quarantineMs }: Policy): boolean {
  return Math.abs(now.getTime() - releasedAt.getTime()) < quarantineMs;
}

/**
 * Which ports of one host are held, one bit a port, and which were released lately. It is a copy of
 * what the database says, current as of an event number, so that finding a free port costs the
 * same however full a range is.
 */
export class Occupancy {
  readonly #held = new Uint32Array((highestPort + 1) / 32);
  readonly #resting = new Map<number, Rest>();

  isHeld(port: number): boolean {
    return ((this.#word(port) >>> (port & 31)) & 1) === 1;
  }

  hold(port: number): void {
    this.#held[port >>> 5] = this.#word(port) | (1 << (port & 31));
  }

  release(port: number, rest: Rest): void {
    this.#held[port >>> 5] = this.#word(port) & ~(1 << (port & 31));
    const last = this.#resting.get(port);
    // History that is imported may be older.
    if (!last || last.releasedAt <= rest.releasedAt) this.#resting.set(port, rest);
  }

  /** The last release of a port, whether or not its quarantine is over. */
  lastRelease(port: number): Rest | undefined {
    return this.#resting.get(port);
  }

  /** How many ports of the span are held. */
  heldWithin({ start, end }: PortSpan): number {
    let held = 0;
    for (let port: number = start; port <= end; port++) {
      const isWholeWord = (port & 31) === 0 && port + 31 <= end;
      if (isWholeWord) {
        held += bitsIn(this.#word(port));
        port += 31;
      } else if (this.isHeld(port)) held++;
    }
    return held;
  }

  /** The ports of the span, in ascending order, that nobody holds. */
  *free({ start, end }: PortSpan): Generator<Port> {
    for (let port: number = start; port <= end; port++) {
      if ((port & 31) === 0 && this.#word(port) === 0xffffffff) port += 31;
      else if (!this.isHeld(port)) yield port as Port; // inside a span of ports
    }
  }

  #word(port: number): number {
    return this.#held[port >>> 5] ?? 0;
  }
}

/** How many bits of a 32-bit word are set: https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
