import type { Probed, ProbeResult } from '../domain/decision.ts';

/** How long a probe's result is believed, so that requests that come together share it. */
const freshMs = 100;

/** Each probe takes a descriptor. */
const mostAtOnce = 64;

export type ProbePort = (port: number) => Promise<ProbeResult>;

/** Probes ports of the observed host, and remembers for a moment what it found. */
export class Prober {
  readonly #hostName: string;
  readonly #probePort: ProbePort;
  readonly #results = new Map<number, { readonly result: ProbeResult; readonly at: number }>();
  readonly #underWay = new Map<number, Promise<void>>();

  constructor(hostName: string, probePort: ProbePort) {
    this.#hostName = hostName;
    this.#probePort = probePort;
  }

  /** Makes sure that fresh results are there; of ports of other hosts, nothing can be known. */
  async probe(hostName: string, ports: Iterable<number>): Promise<void> {
    if (hostName !== this.#hostName) return;
    const known = this.view();
    const stale = [...new Set(ports)].filter((port) => known(hostName, port) === undefined);
    for (let start = 0; start < stale.length; start += mostAtOnce) {
      const some = stale.slice(start, start + mostAtOnce);
      await Promise.all(some.map((port) => this.#underWay.get(port) ?? this.#look(port)));
    }
  }

  /** One probe of a port at a time: two would meet each other and find it listened on. */
  #look(port: number): Promise<void> {
    const look = async () => {
      try {
        this.#results.set(port, { result: await this.#probePort(port), at: performance.now() });
      } finally {
        this.#underWay.delete(port);
      }
    };
    const looking = look();
    this.#underWay.set(port, looking);
    return looking;
  }

  /**
   * What is known: results that are fresh now, and all that come later, however long a decision
   * that goes by them has to wait. Where no observer can look, a port is taken for free.
   */
  view(): Probed {
    const since = performance.now() - freshMs;
    return (hostName, port) => {
      if (hostName !== this.#hostName) return 'free';
      const known = this.#results.get(port);
      return known && known.at >= since ? known.result : undefined;
    };
  }
}
